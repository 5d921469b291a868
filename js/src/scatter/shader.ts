/** The points by a graphics card: one draw call a view. */
import { column, colourList, program, type Program } from "./gl";
import type { Points, PointsStyle, PointsView } from "./points";
import { FAINTEST, GHOST_PALE, GHOST_TINT, GHOSTLY, KINDS, LOOKS, NEARLY_INK, opacities } from "./looks";
import { GHOST, OFF, SELECTED } from "./state";

const ATTRIBUTES = ["a_now", "a_colour", "a_state", "a_from"];

const vec = (values: readonly number[]) => `vec${values.length}(${values.map((v) => v.toFixed(4)).join(", ")})`;

// By kind: how a diameter grows; its line and whether it is hollow.
const KIND_TABLES = `
const vec4 GROWS[${LOOKS.length}] = vec4[](${LOOKS.map(({ grows }) => vec(grows)).join(", ")});
const vec2 LINES[${LOOKS.length}] = vec2[](${LOOKS.map(({ line, hollow }) => vec([line, Number(hollow)])).join(", ")});`;

// u_size: diameter at the focus, the largest, one css px, all in device px. v_shape: radius, width of the line, 1 for hollow,
// opacity. What is selected stands in the front half of the depth range: it is seen whole, whatever is before it.
const VERTEX = `
precision highp float;
in vec3 a_now;
in uint a_colour;
in uint a_state;
uniform mat4 u_matrix;
#ifdef MOVING
in vec3 a_from;
uniform mat4 u_fromMatrix;
uniform vec4 u_fromFar;
uniform float u_done;
#endif
uniform vec3 u_size, u_ground, u_ink;
uniform vec4 u_far;
uniform float u_fog, u_pale, u_outline, u_opacity[${LOOKS.length}];
uniform uint u_colours;
uniform highp sampler2D u_palette;
flat out vec3 v_fill, v_line;
flat out vec4 v_shape;
${KIND_TABLES}

void main() {
  gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
  gl_PointSize = 0.0;
  if ((a_state & ${OFF}u) != 0u) return;
  vec4 p = u_matrix * vec4(a_now, 1.0);
  float far = dot(u_far, vec4(a_now, 1.0));
#ifdef MOVING
  p = mix(u_fromMatrix * vec4(a_from, 1.0), p, u_done);
  far = mix(dot(u_fromFar, vec4(a_from, 1.0)), far, u_done);
#endif
  bool ghost = (a_state & ${GHOST}u) != 0u;
  bool chosen = !ghost && (a_state & ${SELECTED}u) != 0u;
  uint kind = ghost ? ${GHOSTLY}u : a_state & ${KINDS}u;
  float px = u_size.z;
  float d = min(u_size.x / max(p.w, 0.01), u_size.y);
  vec4 grows = GROWS[kind];
  float diameter = max(grows.x * d + grows.y * px, grows.z * d + grows.w * px);

  float pale = chosen ? 0.0 : 1.0 - (1.0 - u_fog * clamp(far, 0.0, 1.0)) * (1.0 - u_pale);
  int i = int(a_colour);
  bool coloured = a_colour < u_colours;
  vec3 colour = coloured ? texelFetch(u_palette, ivec2(i & 255, i >> 8), 0).rgb : mix(u_ink, u_ground, ${NEARLY_INK});
  if (!ghost) colour = mix(colour, u_ground, pale);
  else colour = coloured ? mix(colour, u_ground, ${GHOST_TINT}) : mix(u_ink, u_ground, ${GHOST_PALE});
  bool filled = kind == ${KINDS}u;
  v_fill = filled ? u_ground : colour;
  v_line = chosen && !filled ? mix(colour, u_ink, u_outline) : colour;
  v_shape = vec4(0.5 * diameter, LINES[kind].x * px, LINES[kind].y, u_opacity[kind]);

  if (ghost) p.z = p.z >= -p.w ? 0.9999 * p.w : 2.0 * p.w;
  else p.z = 0.5 * p.z + (chosen ? -0.5 : 0.5) * p.w;
  gl_Position = p;
  gl_PointSize = diameter + 2.0;
}`;

const FRAGMENT = `
precision highp float;
flat in vec3 v_fill, v_line;
flat in vec4 v_shape;
out vec4 colour;

void main() {
  float radius = v_shape.x;
  float r = length(gl_PointCoord - 0.5) * (2.0 * radius + 2.0);
  float line = v_shape.y > 0.0 ? clamp(r - radius + v_shape.y + 0.5, 0.0, 1.0) : 0.0;
  bool hollow = v_shape.z > 0.0;
  float cover = clamp(radius - r + 0.5, 0.0, 1.0) * (hollow ? line : 1.0);
  if (cover < ${FAINTEST}) discard;
  colour = vec4(mix(v_fill, v_line, hollow ? 1.0 : line), cover * v_shape.w);
}`;

export function shadedPoints(gl: WebGL2RenderingContext): Points {
  const still = program(gl, VERTEX, FRAGMENT, ATTRIBUTES);
  const moving = program(gl, VERTEX, FRAGMENT, ATTRIBUTES, ["MOVING"]);
  const now = { 2: column(gl), 3: column(gl) };
  const before = { 2: column(gl), 3: column(gl) };
  const [colourOf, state] = [column(gl), column(gl)];
  const setColours = colourList(gl);
  let colours = 0;

  const drawView = (n: number, view: PointsView, style: PointsStyle, cssPx: number) => {
    const { pane, from } = view;
    const used: Program = from === null ? still : moving;
    const u = used.uniforms;
    used.use();
    now[view.dim].bindNormalised(0, view.dim);
    colourOf.bindInteger(1);
    state.bindInteger(2);
    gl.uniformMatrix4fv(u.u_matrix, true, view.matrix);
    if (from === null) {
      gl.disableVertexAttribArray(3);
    } else {
      (from.old ? before : now)[from.dim].bindNormalised(3, from.dim);
      gl.uniformMatrix4fv(u.u_fromMatrix, true, from.matrix);
      gl.uniform4fv(u.u_fromFar, from.far);
      gl.uniform1f(u.u_done, from.done);
    }
    gl.uniform3f(u.u_size, view.size.diameter * cssPx, view.size.largest * cssPx, cssPx);
    gl.uniform4fv(u.u_far, view.far);
    gl.uniform1f(u.u_fog, view.fog);
    gl.uniform3fv(u.u_ground, style.ground);
    gl.uniform3fv(u.u_ink, style.ink);
    gl.uniform1fv(u["u_opacity[0]"], opacities(view.size));
    gl.uniform1f(u.u_pale, style.pale);
    gl.uniform1f(u.u_outline, style.outline);
    gl.uniform1ui(u.u_colours, colours);
    const [x, y] = [Math.round(pane.x * cssPx), Math.round(gl.drawingBufferHeight - (pane.y + pane.height) * cssPx)];
    const [width, height] = [Math.round(pane.width * cssPx), Math.round(pane.height * cssPx)];
    gl.viewport(x, y, width, height);
    gl.scissor(x, y, width, height);
    gl.drawArrays(gl.POINTS, 0, n);
  };

  return {
    setCoords(dim, coords, old) {
      now[dim].set(coords);
      before[dim].set(old ?? new Uint16Array(0));
    },
    setColourOf: (index) => colourOf.set(index),
    setPalette(list) {
      colours = list.length;
      setColours(list);
    },
    setState: (bytes) => state.set(bytes),
    draw(n, views, style, cssPx) {
      gl.disable(gl.SCISSOR_TEST);
      gl.clearColor(style.ground[0], style.ground[1], style.ground[2], 1);
      gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
      gl.enable(gl.SCISSOR_TEST);
      gl.enable(gl.DEPTH_TEST);
      gl.depthFunc(gl.LEQUAL);
      gl.enable(gl.BLEND);
      gl.blendFunc(gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA);
      if (n > 0) for (const view of views) drawView(n, view, style, cssPx);
    },
  };
}
