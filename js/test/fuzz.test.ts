// Anything at all in the place of an answer: the request it belongs to ends once, and nothing else is touched.

import fc from "fast-check";
import { expect, it } from "vitest";
import { asBytes, join, toBase64 } from "../src/bytes";
import { Kernel } from "../src/kernel";
import { type Listener, type Model, RequestError } from "../src/message";
import { Mask } from "../src/mask";

const FULL = process.env.ELUTE_TORTURE === "1";
const RUNS = { numRuns: FULL ? 10_000_000 : 200, interruptAfterTimeLimit: FULL ? 600_000 : 20_000 };
const MANY = { numRuns: FULL ? 200_000 : 300 };
const LONG = 700_000;

let runs = 0;
/** Now and then the rest of the process has its turn: vitest gives a worker up that is silent for a minute. */
const breathe = async () => {
  if (++runs % 1000 === 0) await new Promise((go) => setTimeout(go));
};

const buffer = fc.oneof(
  fc.uint8Array({ maxLength: 9 }),
  fc.uint8Array({ maxLength: 9 }).map((bytes) => new DataView(bytes.buffer)),
  fc.uint8Array({ maxLength: 9 }).map((bytes) => bytes.buffer),
  fc.uint8Array({ maxLength: 9 }).map(toBase64),
  fc.anything(),
);
const answer = fc.oneof(
  fc.anything(),
  fc.record({ id: fc.constant("ID"), ok: fc.oneof(fc.boolean(), fc.anything()), result: fc.anything(), data: fc.oneof(fc.string(), fc.anything()), error: fc.oneof(fc.record({ kind: fc.string(), message: fc.string() }), fc.anything()) }, { requiredKeys: ["id"] }),
);

it("an answer of any shape ends its request once, or is nobody's", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(answer, fc.array(buffer, { maxLength: 2 })), { maxLength: 5 }), async (answers) => {
      await breathe();
      const ids: string[] = [];
      let receive: Listener = () => undefined;
      const model = { on: (event: string, listener: Listener) => void (event === "msg:custom" && (receive = listener)), off: () => undefined, send: ({ id }: { id: string }) => ids.push(id) };
      const kernel = new Kernel(model as unknown as Model, () => undefined);
      let ended = 0;
      const asked = kernel.request("text", { row: 1 }).then(
        ({ bytes }) => {
          ended++;
          expect(bytes).toBeInstanceOf(Uint8Array);
        },
        (error: unknown) => {
          ended++;
          expect(error).toBeInstanceOf(RequestError);
          expect(typeof (error as RequestError).message).toBe("string");
        },
      );
      for (const [content, buffers] of answers) {
        const mine = typeof content === "object" && content !== null && (content as { id?: unknown }).id === "ID";
        (receive as (...args: unknown[]) => void)(mine ? { ...content, id: ids[0] } : content, buffers);
        await Promise.resolve();
        expect(ended).toBeLessThanOrEqual(1);
      }
      (receive as (...args: unknown[]) => void)({ id: ids[0], ok: true, result: {} }, []);
      await asked;
      expect(ended).toBe(1);
      kernel.dispose();
    }),
    RUNS,
  );
}, LONG);

it("bytes of any host are read whole, or refused", async () => {
  await fc.assert(
    fc.asyncProperty(fc.anything(), async (given) => {
      await breathe();
      try {
        expect(asBytes(given)).toBeInstanceOf(Uint8Array);
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
      }
    }),
    MANY,
  );
}, LONG);

it("a mask and a column take exactly their length", async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(70), fc.uint8Array({ maxLength: 12 }), async (n, bytes) => {
      await breathe();
      if (bytes.length === (n + 7) >> 3) expect([...Mask.from(n, bytes)].every((row) => row < n)).toBe(true);
      else expect(() => Mask.from(n, bytes)).toThrow(RangeError);
      if (bytes.length === n * 2) expect(join([bytes], n, Int16Array)).toHaveLength(n);
      else expect(() => join([bytes], n, Int16Array)).toThrow(RangeError);
    }),
    MANY,
  );
}, LONG);
