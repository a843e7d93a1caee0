// Changes made to dependencies while bundling, for faster frames; each says what it measured. It asserts that it still
// finds what it replaces, so that an update can't drop it silently.

import {fileURLToPath} from 'node:url';

const replaceAll = (code, file, from, to, times) => {
  const parts = code.split(from);
  if (parts.length - 1 !== times) {
    throw new Error(
      `${file}: expected ${times} times ${from}, found ${parts.length - 1}. Look at scripts/build-patches.mjs.`,
    );
  }
  return parts.join(to);
};

const segmenterFile = fileURLToPath(new URL('segmenter.ts', import.meta.url));

/** Graphemes of ASCII and our glyphs need no Segmenter: segmenter.ts tells why. */
const ownSegmenter = (code, file) => {
  const found = /^const (\w+) = new Intl\.Segmenter\(.*\);$/m.exec(code);
  if (!found) throw new Error(`${file}: no Segmenter is there. Look at scripts/build-patches.mjs.`);
  const own = `import {segmenter as ${found[1]}} from ${JSON.stringify(segmenterFile)};`;
  return replaceAll(code, file, found[0], own, 1);
};

/** Expressions over Unicode sets take 7 ms to read: made when they are first asked. */
const lateRegex = (code, file, name) => {
  const found = new RegExp(`^const ${name} = (/.+/v);$`, 'm').exec(code);
  if (!found) throw new Error(`${file}: ${name} is not there. Look at scripts/build-patches.mjs.`);
  const late = `let late_${name}; const ${name} = {test: (text) => (late_${name} ??= ${found[1]}).test(text)};`;
  return replaceAll(code, file, found[0], late, 1);
};

const patches = [
  {
    // Its wasm is a data URL; reading it by fetch boots undici. Without fetch it decodes the base64 itself.
    file: /yoga-layout\/dist\/binaries\/yoga-wasm-base64-esm\.js$/,
    patch: (code, file) => replaceAll(code, file, '"function"!=typeof fetch', '!0', 2),
  },
  {
    // The first character that is not ASCII compiles a large emoji expression and boots a Segmenter. The glyphs of the
    // screens are one column wide each, so they take the fast path.
    file: /string-width\/index\.js$/,
    patch: (code, file) => {
      const glyphs = replaceAll(
        code,
        file,
        String.raw`/^[\u0020-\u007E]*$/`,
        String.raw`/^[\u0020-\u007E\u22C5\u22EF\u254C-\u254F\u2574-\u2577\u25B8\u2713\u2717\u279C\u21E1\u21E3\u2800-\u28FF]*$/`,
        1,
      );
      const patterns = ['visibleCharacterRegex', 'spacingMarkRegex', 'rgiEmojiRegex'];
      return patterns.reduce((text, name) => lateRegex(text, file, name), ownSegmenter(glyphs, file));
    },
  },
  {
    // Ink reads the colours of each line of each frame anew, though a key changes two of forty lines: what the frame
    // before knew is looked up first (a frame of 120x40 takes 3 ms instead of 7).
    file: /ink\/build\/output\.js$/,
    patch: (code, file) => {
      const lasting = `
let latest = {styledChars: new Map()};
let before = latest;
const followingCaches = () => {
  before = latest;
  latest = new OutputCaches();
  return latest;
};
`;
      const looksBack = replaceAll(
        code,
        file,
        'let cached = this.styledChars.get(line);\n',
        `let cached = this.styledChars.get(line);
        if (cached === undefined && (cached = before.styledChars.get(line)) !== undefined) this.styledChars.set(line, cached);
`,
        1,
      );
      return (
        replaceAll(looksBack, file, 'caches = new OutputCaches();', 'caches = followingCaches();', 1) +
        lasting
      );
    },
  },
  ...[
    /wrap-ansi\/index\.js$/,
    /slice-ansi\/tokenize-ansi\.js$/,
    /@alcalzone\/ansi-tokenize\/build\/tokenize\.js$/,
    /ink\/build\/line-update\.js$/,
  ].map((file) => ({file, patch: ownSegmenter})),
];

const used = new Set();

const undici = fileURLToPath(new URL('undici.mjs', import.meta.url));

export const plugins = [
  {
    // What the live target asks of undici is a tenth of it; client-node, which only exec plugins load, gets it whole.
    name: 'undici-in-part',
    resolveId: {
      filter: {id: /^undici$/},
      handler: (_id, importer) => (/[\\/]src[\\/](?:cli|target)[\\/]/.test(importer ?? '') ? undici : null),
    },
  },
  {
    name: 'build-patches',
    transform: {
      filter: {id: patches.map(({file}) => file)},
      handler(code, id) {
        const found = patches.find(({file}) => file.test(id));
        if (found === undefined) return null;
        used.add(found);
        return {code: found.patch(code, id)};
      },
    },
  },
];

/** Throws when a patch met no file: the dependency moved it. */
export const assertPatched = () => {
  for (const one of patches) {
    if (!used.has(one)) throw new Error(`No module matched ${one.file}. Look at scripts/build-patches.mjs.`);
  }
};
