/** What a colour means; `text` itself is never coloured. */
export type Role = 'dim' | 'accent' | 'good' | 'bad' | 'warn';
export type ThemeName = 'auto' | 'dark' | 'light';
/** `16`: marks only, in the terminal's own green, red and yellow. `none`: bold and underline only. */
export type ColourDepth = 'truecolor' | '256' | '16' | 'none';

export type ThemeChoice = {
  readonly theme: ThemeName;
  readonly colourBlind: boolean;
  readonly depth: ColourDepth;
};

/** Truecolor, and the index in the 256 colours; undefined: no index has the contrast, bold takes its place. */
type Colour = readonly [hex: string, index: number | undefined];
type Palette = Readonly<Record<Role, Colour>> & {readonly selection: Colour | undefined};

const dark = {dim: ['#9aa5b1', 248], selection: ['#2a3442', 236]} as const;
const light = {dim: ['#5c6670', 241], selection: ['#dbe4f0', 254]} as const;
const auto = {dim: ['#757575', 243], selection: undefined} as const;

/** Measured: every pair has a contrast of 4.5 or more on all backgrounds of its theme. */
const palettes: Readonly<Record<ThemeName, readonly [usual: Palette, colourBlind: Palette]>> = {
  auto: [
    {
      ...auto,
      accent: ['#0671ec', 63],
      good: ['#008479', 29],
      bad: ['#e02e27', 131],
      warn: ['#c35405', undefined],
    },
    {
      ...auto,
      accent: ['#d325a7', 163],
      good: ['#0671ec', 63],
      bad: ['#c35405', undefined],
      warn: ['#a06b00', undefined],
    },
  ],
  dark: [
    {...dark, accent: ['#79b8ff', 111], good: ['#3fd6c6', 80], bad: ['#ff8066', 209], warn: ['#f0b85c', 215]},
    {...dark, accent: ['#e0a3c8', 182], good: ['#6cc0f5', 75], bad: ['#ffa640', 215], warn: ['#f0e442', 227]},
  ],
  light: [
    {...light, accent: ['#0550ae', 25], good: ['#006d6d', 23], bad: ['#b3261e', 124], warn: ['#8a4b00', 94]},
    {...light, accent: ['#7a2f62', 89], good: ['#00569b', 25], bad: ['#9a4a00', 94], warn: ['#6b5600', 58]},
  ],
};

const ansi16: Readonly<Partial<Record<Role, string>>> = {good: '32', bad: '31', warn: '33'};

export type Style = {
  readonly role?: Role;
  readonly bold?: boolean;
  readonly underline?: boolean;
  /** Stands on the chosen row: the selection's background, or bold where the theme has none. */
  readonly selected?: boolean;
};

/** Puts the codes of a style around a text. */
export type Paint = (text: string, style: Style) => string;

export function makePaint({theme, colourBlind, depth}: ThemeChoice): Paint {
  const palette = palettes[theme][colourBlind ? 1 : 0];
  const known = new Map<string, string>();
  return (text, style) => {
    const key = `${style.role ?? ''}${style.bold ? 1 : 0}${style.underline ? 1 : 0}${style.selected ? 1 : 0}`;
    let open = known.get(key);
    if (open === undefined) {
      open = codesOf(style, palette, depth);
      known.set(key, open);
    }
    return open === '' ? text : `\u001B[${open}m${text}\u001B[0m`;
  };
}

function codesOf({role, bold, underline, selected}: Style, palette: Palette, depth: ColourDepth): string {
  const codes = new Set<string>();
  if (bold || (selected && (depth === 'none' || depth === '16' || palette.selection === undefined))) {
    codes.add('1');
  }
  if (underline) codes.add('4');
  if (role && depth === '16' && ansi16[role]) codes.add(ansi16[role]);
  if (role && (depth === '256' || depth === 'truecolor')) codes.add(colourCode(38, palette[role], depth));
  if (selected && palette.selection && (depth === '256' || depth === 'truecolor')) {
    codes.add(colourCode(48, palette.selection, depth));
  }
  return [...codes].join(';');
}

function colourCode(layer: 38 | 48, [hex, index]: Colour, depth: '256' | 'truecolor'): string {
  if (depth === '256') return index === undefined ? '1' : `${layer};5;${index}`;
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  return `${layer};2;${red};${green};${blue}`;
}

/** How many colours a terminal shows, from its environment. */
export function colourDepth(env: Readonly<Record<string, string | undefined>>): ColourDepth {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return 'none';
  if (env.TERM === 'dumb') return 'none';
  if (/^(truecolor|24bit)$/i.test(env.COLORTERM ?? '')) return 'truecolor';
  if (/256/.test(env.TERM ?? '')) return '256';
  return '16';
}
