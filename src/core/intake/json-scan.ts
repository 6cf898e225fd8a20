import type { RowBuffer } from "./row-buffer.ts";
import { reserve, writeByte } from "./row-buffer.ts";

/** A place in the JSON of a line, and what lies below it. `column` is -1 where none is read. */
export type JsonNode = { readonly keys: Map<string, JsonNode>; readonly items: JsonNode[]; column: number };

export const jsonNode = (): JsonNode => ({ keys: new Map(), items: [], column: -1 });

/** What is told of a line. Nodes are undefined where nothing is known of the place. */
export type JsonReader = {
  key(parent: JsonNode, key: string): JsonNode | undefined;
  item(parent: JsonNode, index: number): JsonNode | undefined;
  /** One value: text without its quotes, a number, `true` or `false` as written. Its bytes are good during the call. */
  value(node: JsonNode | undefined, bytes: Uint8Array, from: number, to: number): void;
  /** An object or array stands here. */
  nested(node: JsonNode | undefined): void;
};

/** Deeper documents are refused. WHY: reading is recursive. */
const MOST_DEPTH = 64;
const [QUOTE, BACKSLASH, COMMA, COLON, MINUS, POINT] = [0x22, 0x5c, 0x2c, 0x3a, 0x2d, 0x2e];
const [OBJECT, OBJECT_END, ARRAY, ARRAY_END] = [0x7b, 0x7d, 0x5b, 0x5d];
const [TRUE, FALSE, NULL] = ["true", "false", "null"].map((word) => Uint8Array.from(word, (sign) => sign.charCodeAt(0)));
const BLANK = 0x20;

/** Reads one line of JSON (RFC 8259) without making objects of it; numbers keep every digit they are written with. */
export class JsonScan {
  private bytes: Uint8Array = new Uint8Array(0);
  private at = 0;
  private to = 0;
  private depth = 0;
  /** A text with escapes, its escapes resolved. */
  private readonly text: RowBuffer = { bytes: new Uint8Array(256), length: 0 };
  private readonly reader: JsonReader;

  constructor(reader: JsonReader) {
    this.reader = reader;
  }

  /** Answers -1, or the offset at which the bytes stop being one JSON object. */
  scan(bytes: Uint8Array, from: number, to: number, root: JsonNode): number {
    this.bytes = bytes;
    this.at = from;
    this.to = to;
    this.depth = 0;
    this.skipBlanks();
    const whole = this.peek() === OBJECT && this.object(root);
    this.skipBlanks();
    return whole && this.at === to ? -1 : this.at;
  }

  private peek(): number {
    return this.at < this.to ? (this.bytes[this.at] ?? -1) : -1;
  }

  private skipBlanks(): void {
    for (let byte = this.peek(); byte === BLANK || byte === 0x09 || byte === 0x0a || byte === 0x0d; byte = this.peek()) this.at += 1;
  }

  /** Steps over a byte that must be there, and blanks around it. */
  private take(byte: number): boolean {
    this.skipBlanks();
    if (this.peek() !== byte) return false;
    this.at += 1;
    this.skipBlanks();
    return true;
  }

  private object(node: JsonNode | undefined): boolean {
    return this.members(OBJECT, OBJECT_END, () => {
      const key = this.key(node !== undefined);
      if (key === undefined || !this.take(COLON)) return false;
      return this.anything(node === undefined ? undefined : this.reader.key(node, key));
    });
  }

  private array(node: JsonNode | undefined): boolean {
    let index = 0;
    return this.members(ARRAY, ARRAY_END, () => {
      const item = node === undefined ? undefined : this.reader.item(node, index);
      index += 1;
      return this.anything(item);
    });
  }

  private members(open: number, close: number, member: () => boolean): boolean {
    this.depth += 1;
    if (this.depth > MOST_DEPTH || !this.take(open)) return false;
    if (this.peek() !== close) {
      do if (!member()) return false;
      while (this.take(COMMA));
    }
    this.depth -= 1;
    if (this.peek() !== close) return false;
    this.at += 1;
    return true;
  }

  private anything(node: JsonNode | undefined): boolean {
    const byte = this.peek();
    if (byte === OBJECT || byte === ARRAY) {
      this.reader.nested(node);
      return byte === OBJECT ? this.object(node) : this.array(node);
    }
    if (byte === QUOTE) return this.string((bytes, from, to) => this.reader.value(node, bytes, from, to));
    if (byte === 0x74) return this.word(TRUE, node, true);
    if (byte === 0x66) return this.word(FALSE, node, true);
    if (byte === 0x6e) return this.word(NULL, node, false);
    return this.number(node);
  }

  private word(word: Uint8Array | undefined, node: JsonNode | undefined, isValue: boolean): boolean {
    const from = this.at;
    for (const byte of word ?? []) {
      if (this.peek() !== byte) return false;
      this.at += 1;
    }
    if (isValue) this.reader.value(node, this.bytes, from, this.at);
    return true;
  }

  private number(node: JsonNode | undefined): boolean {
    const from = this.at;
    if (this.peek() === MINUS) this.at += 1;
    const zero = this.peek() === 0x30;
    if (!this.digits() || (zero && this.at - from > (this.bytes[from] === MINUS ? 2 : 1))) return false;
    if (this.peek() === POINT) {
      this.at += 1;
      if (!this.digits()) return false;
    }
    if (this.peek() === 0x65 || this.peek() === 0x45) {
      this.at += 1;
      if (this.peek() === MINUS || this.peek() === 0x2b) this.at += 1;
      if (!this.digits()) return false;
    }
    this.reader.value(node, this.bytes, from, this.at);
    return true;
  }

  private digits(): boolean {
    const from = this.at;
    for (let byte = this.peek(); byte >= 0x30 && byte <= 0x39; byte = this.peek()) this.at += 1;
    return this.at > from;
  }

  private key(wanted: boolean): string | undefined {
    let key: string | undefined;
    const whole = this.string((bytes, from, to) => {
      key = wanted ? new TextDecoder().decode(bytes.subarray(from, to)) : "";
    });
    return whole ? key : undefined;
  }

  private string(tell: (bytes: Uint8Array, from: number, to: number) => void): boolean {
    if (this.peek() !== QUOTE) return false;
    this.at += 1;
    const from = this.at;
    for (; this.at < this.to; this.at += 1) {
      const byte = this.bytes[this.at] ?? 0;
      if (byte === BACKSLASH) return this.escaped(from, tell);
      if (byte < BLANK) return false;
      if (byte !== QUOTE) continue;
      tell(this.bytes, from, this.at);
      this.at += 1;
      return true;
    }
    return false;
  }

  /** A string from its first escape on. */
  private escaped(from: number, tell: (bytes: Uint8Array, from: number, to: number) => void): boolean {
    const { text } = this;
    text.length = 0;
    reserve(text, this.to - from);
    text.bytes.set(this.bytes.subarray(from, this.at));
    text.length = this.at - from;
    for (; this.at < this.to; this.at += 1) {
      const byte = this.bytes[this.at] ?? 0;
      if (byte < BLANK) return false;
      if (byte === QUOTE) {
        tell(text.bytes, 0, text.length);
        this.at += 1;
        return true;
      }
      if (byte !== BACKSLASH) writeByte(text, byte);
      else if (!this.escape()) return false;
    }
    return false;
  }

  /** Leaves `at` on the escape's last byte. Line breaks and tabs become blanks, since a stored row has none. */
  private escape(): boolean {
    this.at += 1;
    const sign = String.fromCharCode(this.peek() & 0xff);
    if (sign === "u") return this.codePoint();
    const plain = { '"': QUOTE, "\\": BACKSLASH, "/": 0x2f, b: 0x08, f: 0x0c, n: BLANK, r: BLANK, t: BLANK }[sign];
    if (plain !== undefined) writeByte(this.text, plain);
    return plain !== undefined;
  }

  private codePoint(): boolean {
    const first = this.unit(this.at + 1);
    if (first < 0) return false;
    const isPair = first >= 0xd800 && first < 0xdc00 && this.bytes[this.at + 5] === BACKSLASH && this.bytes[this.at + 6] === 0x75;
    const second = isPair ? this.unit(this.at + 7) : -1;
    const paired = second >= 0xdc00 && second < 0xe000;
    this.at += paired ? 10 : 4;
    writeCodePoint(this.text, paired ? 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00) : first);
    return true;
  }

  /** The number of four hexadecimal digits, or -1. */
  private unit(at: number): number {
    if (at + 4 > this.to) return -1;
    const digits = String.fromCharCode(...this.bytes.subarray(at, at + 4));
    return /^[0-9a-fA-F]{4}$/.test(digits) ? Number.parseInt(digits, 16) : -1;
  }
}

/** As UTF-8. A lone surrogate becomes bytes that are none, so that the value is refused as no text. */
function writeCodePoint(out: RowBuffer, code: number): void {
  if (code < 0x20) writeByte(out, code === 0x09 || code === 0x0a || code === 0x0d ? BLANK : code);
  else if (code < 0x80) writeByte(out, code);
  else if (code < 0x800) {
    writeByte(out, 0xc0 | (code >> 6));
    writeByte(out, 0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    writeByte(out, 0xe0 | (code >> 12));
    writeByte(out, 0x80 | ((code >> 6) & 0x3f));
    writeByte(out, 0x80 | (code & 0x3f));
  } else {
    writeByte(out, 0xf0 | (code >> 18));
    writeByte(out, 0x80 | ((code >> 12) & 0x3f));
    writeByte(out, 0x80 | ((code >> 6) & 0x3f));
    writeByte(out, 0x80 | (code & 0x3f));
  }
}
