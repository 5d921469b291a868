"""A page that believes in a graphics card: WebGL draws the map then, though Chromium runs it in software."""

SCRIPT = """for (const { prototype } of [WebGLRenderingContext, WebGL2RenderingContext]) {
  const { getParameter } = prototype;
  prototype.getParameter = function (name) { return name === 0x9246 ? "ANGLE (a card)" : getParameter.call(this, name); };
}"""
