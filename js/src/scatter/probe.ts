/** Whether WebGL2 runs on a graphics card here: imitated by the processor, it is slower than drawing without it. */

const IMITATIONS = /swiftshader|llvmpipe|softpipe|software|microsoft basic render/i;

let known: boolean | undefined;

/** Asked once a page, of a context that is given back at once. */
export function hasCard(): boolean {
  return (known ??= probe());
}

function probe(): boolean {
  const canvas = document.createElement("canvas");
  // Browsers that know it say so here, without starting an imitation.
  const gl = canvas.getContext("webgl2", { failIfMajorPerformanceCaveat: true });
  if (gl === null) return false;
  const name = rendererOf(gl);
  gl.getExtension("WEBGL_lose_context")?.loseContext();
  return !IMITATIONS.test(name);
}

/** Firefox says it plainly, and warns of the extension; Chromium and Safari hide it there. */
function rendererOf(gl: WebGL2RenderingContext): string {
  const plain = String(gl.getParameter(gl.RENDERER));
  const extension = /webkit/i.test(plain) ? gl.getExtension("WEBGL_debug_renderer_info") : null;
  return extension === null ? plain : String(gl.getParameter(extension.UNMASKED_RENDERER_WEBGL));
}
