/** The picture and its depths, as plain numbers. */
export class Frame {
  width = 0;
  height = 0;
  /** As an ImageData has it. */
  bytes = new Uint8ClampedArray(0);
  /** The same, a pixel a number: alpha, blue, green, red from the highest byte down. */
  pixels = new Int32Array(0);
  /** -1 for near, 1 for far. */
  depths = new Float32Array(0);

  /** Whether it has another size now. */
  fit(width: number, height: number): boolean {
    if (width === this.width && height === this.height) return false;
    [this.width, this.height] = [width, height];
    this.bytes = new Uint8ClampedArray(width * height * 4);
    this.pixels = new Int32Array(this.bytes.buffer);
    this.depths = new Float32Array(width * height);
    return true;
  }

  clear(ground: number): void {
    this.pixels.fill(ground);
    this.depths.fill(1);
  }
}

/** A part of a frame, in whole pixels from its top left: what is drawn stays in it. */
export interface Part {
  left: number;
  top: number;
  right: number;
  bottom: number;
}
