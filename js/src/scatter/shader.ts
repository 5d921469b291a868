/** The points by a graphics card: one draw call a view. */
import { column, colourList, program, type Program } from "./gl";
import type { Points, PointsStyle, PointsView } from "./points";
import { OFF, RING, SELECTED } from "./state";

const ATTRIBUTES = ["a_now", "a_colour", "a_state", "a_from"];

// u_size: diameter at the focus, the largest, one css px, all in device px.
// v_shape: radius, width of the line, 1 for a ring. What is selected stands in the front half of the depth range: it is seen
// whole, whatever is before it.
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
uniform float u_fog, u_pale, u_outline;
uniform uint u_colours;
uniform highp sampler2D u_palette;
flat out vec3 v_fill, v_line, v_shape;

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
  bool chosen = (a_state & ${SELECTED}u) != 0u;
  bool ring = (a_state & ${RING}u) != 0u;
  float px = u_size.z;
  float diameter = min(u_size.x / max(p.w, 0.01), u_size.y);
  if (ring) diameter = max(diameter * 1.25, diameter * 0.4 + 2.2 * px);
  if (chosen) diameter = max(diameter * 1.2, 2.5 * px) + 1.8 * px;

  float pale = chosen ? 0.0 : 1.0 - (1.0 - u_fog * clamp(far, 0.0, 1.0)) * (1.0 - u_pale);
  int i = int(a_colour);
  vec3 colour = a_colour < u_colours ? texelFetch(u_palette, ivec2(i & 255, i >> 8), 0).rgb : mix(u_ink, u_ground, 0.12);
  colour = mix(colour, u_ground, pale);
  v_fill = ring ? u_ground : colour;
  v_line = chosen && !ring ? mix(colour, u_ink, u_outline) : colour;
  v_shape = vec3(0.5 * diameter, chosen ? (ring ? 1.7 : 1.0) * px : ring ? 1.1 * px : 0.0, ring && !chosen ? 1.0 : 0.0);

  p.z = 0.5 * p.z + (chosen ? -0.5 : 0.5) * p.w;
  gl_Position = p;
  gl_PointSize = diameter + 2.0;
}`;

// A very faint edge is left out: it would still hide what is behind it.
const FRAGMENT = `
precision highp float;
flat in vec3 v_fill, v_line, v_shape;
out vec4 colour;

void main() {
  float radius = v_shape.x;
  float r = length(gl_PointCoord - 0.5) * (2.0 * radius + 2.0);
  float line = v_shape.y > 0.0 ? clamp(r - radius + v_shape.y + 0.5, 0.0, 1.0) : 0.0;
  float cover = clamp(radius - r + 0.5, 0.0, 1.0) * (v_shape.z > 0.0 ? line : 1.0);
  if (cover < 0.3) discard;
  colour = vec4(mix(v_fill, v_line, v_shape.z > 0.0 ? 1.0 : line), cover);
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
