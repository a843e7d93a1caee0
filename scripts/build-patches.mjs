// Changes made to dependencies while bundling, for a faster first frame (measured: -25 and -20 ms). Each asserts that
// it still finds what it replaces, so that an update can't drop it silently.

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

const patches = [
  {
    // Its wasm is a data URL; reading it by fetch boots undici. Without fetch it decodes the base64 itself.
    file: /yoga-layout\/dist\/binaries\/yoga-wasm-base64-esm\.js$/,
    patch: (code, file) => replaceAll(code, file, '"function"!=typeof fetch', '!0', 2),
  },
  {
    // The first character that is not ASCII compiles a large emoji expression and boots a Segmenter. The glyphs of the
    // screens are one column wide each, so they take the fast path, and the Segmenter waits until something else comes.
    file: /string-width\/index\.js$/,
    patch: (code, file) =>
      replaceAll(
        replaceAll(
          code,
          file,
          'const segmenter = new Intl.Segmenter();',
          'let lazySegmenter; const segmenter = {segment: (text) => (lazySegmenter ??= new Intl.Segmenter()).segment(text)};',
          1,
        ),
        file,
        String.raw`/^[\u0020-\u007E]*$/`,
        String.raw`/^[\u0020-\u007E\u22C5\u22EF\u254C-\u254F\u2574-\u2577\u25B8\u2713\u2717\u279C\u21E1\u21E3\u2800-\u28FF]*$/`,
        1,
      ),
  },
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
