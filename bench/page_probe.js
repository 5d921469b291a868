// Runs before the page's own scripts and stamps what bench/page.py asks for. Knows no tool.
(() => {
  const frame = window.requestAnimationFrame.bind(window);
  const probe = { started: 0, done: 0, drawn: 0, spent: 0, ups: [], gl: null };
  let inFrame = 0;
  window.__probe = probe;

  // how many points the draw calls of one frame hold
  const counted = (gl, count) => {
    if (inFrame === 0) frame(() => (inFrame = 0));
    inFrame += count;
    if (inFrame > probe.drawn) [probe.drawn, probe.gl] = [inFrame, gl];
  };
  const wrap = (prototype, name, points) => {
    const call = prototype[name];
    prototype[name] = function (...how) {
      call.apply(this, how);
      counted(this, points(how));
    };
  };
  for (const { prototype } of [WebGLRenderingContext, WebGL2RenderingContext]) {
    wrap(prototype, "drawArrays", ([, , count]) => count);
    wrap(prototype, "drawElements", ([, count]) => count);
  }
  wrap(WebGL2RenderingContext.prototype, "drawArraysInstanced", ([, , count, instances]) => count * instances);
  wrap(WebGL2RenderingContext.prototype, "drawElementsInstanced", ([, count, , , instances]) => count * instances);

  // script's time in frames
  window.requestAnimationFrame = (step) =>
    frame((now) => {
      const from = performance.now();
      try {
        step(now);
      } finally {
        probe.spent += performance.now() - from;
      }
    });

  // a made pointer has no capture
  const { setPointerCapture } = Element.prototype;
  Element.prototype.setPointerCapture = function (id) {
    try {
      setPointerCapture.call(this, id);
    } catch {}
  };
  window.addEventListener("pointerup", () => probe.ups.push(Date.now()), true);

  window.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Enter" || !event.shiftKey) return;
      Object.assign(probe, { started: performance.now(), done: 0, drawn: 0, gl: null });
    },
    true,
  );

  const frames = (count) => new Promise((then) => frame(() => then(count > 1 ? frames(count - 1) : undefined)));

  /** Milliseconds from Shift+Enter until `there(probe)`, two frames more, and what was asked of the graphics process is done. */
  probe.first = async (there) => {
    while (!there(probe)) await frames(1);
    await frames(2);
    probe.gl?.readPixels(0, 0, 1, 1, probe.gl.RGBA, probe.gl.UNSIGNED_BYTE, new Uint8Array(4));
    return performance.now() - probe.started;
  };

  /** Drags over `target` a step a frame: milliseconds from each frame to the next, and of script in each. */
  probe.turn = async (target, count) => {
    const { left, top, width, height } = target.getBoundingClientRect();
    const at = (i) => ({ x: left + width / 2 + (width / 4) * Math.sin(i / 9), y: top + height / 2 + (height / 6) * Math.sin(i / 13) });
    const say = (type, { x, y }) => {
      const pressed = type === "pointerup" ? 0 : 1;
      const how = { bubbles: true, cancelable: true, composed: true, pointerId: 77, pointerType: "mouse", isPrimary: true, clientX: x, clientY: y, button: type === "pointermove" ? -1 : 0, buttons: pressed };
      target.dispatchEvent(new PointerEvent(type, how));
    };
    const seen = [];
    say("pointerdown", at(0));
    await frames(1);
    let before = performance.now();
    probe.spent = 0;
    for (let i = 1; i <= count + 5; i++) {
      const from = performance.now();
      say("pointermove", at(i));
      probe.spent += performance.now() - from;
      await frames(1);
      const now = performance.now();
      seen.push([now - before, probe.spent]);
      [before, probe.spent] = [now, 0];
    }
    say("pointerup", at(count + 5));
    return seen.slice(5);
  };
})();
