// The bundle's Intl.Segmenter, for the packages that split each text that is drawn into graphemes. The real one boots
// in 7 ms and takes a microsecond per character; here each character of ASCII and of our glyphs is known to be a
// grapheme of its own (CR is not: CR LF is one). Anything else goes to the real one.
const plain =
  /^[\0-\f\x0e-~\u22C5\u22EF\u254C-\u254F\u2574-\u2577\u25B8\u2713\u2717\u279C\u21E1\u21E3\u2800-\u28FF]*$/;

type Grapheme = {readonly segment: string; readonly index: number};

let real: Intl.Segmenter | undefined;

class Characters implements Iterable<Grapheme> {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  [Symbol.iterator](): Iterator<Grapheme> {
    const text = this.#text;
    let index = 0;
    return {
      next() {
        if (index >= text.length) return {done: true, value: undefined};
        const value = {segment: text[index]!, index};
        index += 1;
        return {done: false, value};
      },
    };
  }

  containing(index: number): Grapheme | undefined {
    const segment = this.#text[index];
    return segment === undefined ? undefined : {segment, index};
  }
}

export const segmenter = {
  segment(text: string): Characters | Intl.Segments {
    if (plain.test(text)) return new Characters(text);
    real ??= new Intl.Segmenter();
    return real.segment(text);
  },
};
