/** The few WebGL2 calls that every drawer needs, each with its failure said. */

/** Null where the browser has no WebGL2 or gives no more contexts. */
export function context(canvas: HTMLCanvasElement): WebGL2RenderingContext | null {
  // Opaque, and smoothed by the shader: multisampling costs four times as much on a software renderer.
  return canvas.getContext("webgl2", { alpha: false, antialias: false, depth: true, stencil: false, powerPreference: "high-performance" });
}

export interface Program {
  use(): void;
  /** Locations of the uniforms that the shader really uses. */
  uniforms: Record<string, WebGLUniformLocation | null>;
}

/** `attributes` are bound to locations 0, 1, ... in their order. */
export function program(gl: WebGL2RenderingContext, vertex: string, fragment: string, attributes: string[], defines: string[] = []): Program {
  const made = gl.createProgram();
  const head = ["#version 300 es", ...defines.map((name) => `#define ${name}`), ""].join("\n");
  for (const [kind, source] of [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]] as const) {
    const shader = gl.createShader(kind);
    if (shader === null) break; // the context is lost: everything is built again once it is back
    gl.shaderSource(shader, head + source);
    gl.compileShader(shader);
    gl.attachShader(made, shader);
    gl.deleteShader(shader);
  }
  attributes.forEach((name, location) => gl.bindAttribLocation(made, location, name));
  gl.linkProgram(made);
  if (!gl.getProgramParameter(made, gl.LINK_STATUS) && !gl.isContextLost()) {
    throw new Error(`the map's shaders do not link: ${gl.getProgramInfoLog(made)}`);
  }
  const uniforms: Program["uniforms"] = {};
  const count = (gl.getProgramParameter(made, gl.ACTIVE_UNIFORMS) as number | null) ?? 0;
  for (let i = 0; i < count; i++) {
    const name = gl.getActiveUniform(made, i)?.name;
    if (name !== undefined) uniforms[name] = gl.getUniformLocation(made, name);
  }
  return { use: () => gl.useProgram(made), uniforms };
}

export interface Column {
  set(values: Uint8Array | Uint16Array): void;
  /** As floats from 0 to 1, missing components 0. */
  bindNormalised(location: number, components: number): void;
  bindInteger(location: number): void;
}

/** One number or tuple a row, on the card. */
export function column(gl: WebGL2RenderingContext): Column {
  const buffer = gl.createBuffer();
  let type: number = gl.UNSIGNED_SHORT;
  const bind = (location: number) => {
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.enableVertexAttribArray(location);
  };
  return {
    set(values) {
      type = values instanceof Uint8Array ? gl.UNSIGNED_BYTE : gl.UNSIGNED_SHORT;
      gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
      gl.bufferData(gl.ARRAY_BUFFER, values, gl.DYNAMIC_DRAW);
    },
    bindNormalised(location, components) {
      bind(location);
      gl.vertexAttribPointer(location, components, type, true, 0, 0);
    },
    bindInteger(location) {
      bind(location);
      gl.vertexAttribIPointer(location, 1, type, 0, 0);
    },
  };
}

/** A list of colours to be read by `texelFetch(list, ivec2(i & 255, i >> 8), 0)`. */
export function colourList(gl: WebGL2RenderingContext): (colours: (readonly number[])[]) => void {
  const texture = gl.createTexture();
  return (colours) => {
    const height = Math.max(1, Math.ceil(colours.length / 256));
    const texels = new Uint8Array(height * 256 * 4);
    colours.forEach((rgb, i) => texels.set(rgb.map((part) => Math.round(part * 255)), i * 4));
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, 256, height, 0, gl.RGBA, gl.UNSIGNED_BYTE, texels);
  };
}
