import type {User} from './context.ts';

/** A token that a file gives to a user. */
export type StaticToken = {readonly token: string; readonly user: User};

/** A file of tokens that a server does not start with, in its words. */
export class TokenFileError extends Error {
  override readonly name = 'TokenFileError';
}

/** Records of comma-separated values: a quoted field may hold commas, line ends and doubled quotes. @throws {TokenFileError} */
function recordsOf(text: string): readonly (readonly string[])[] {
  const records: string[][] = [];
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  for (let line = 0; line < lines.length; line += 1) {
    let rest = lines[line] ?? '';
    if (rest === '') continue;
    const [start, fields] = [line + 1, [] as string[]];
    for (;;) {
      if (!rest.startsWith('"')) {
        const [field = ''] = rest.split(',', 1);
        const quote = field.indexOf('"');
        if (quote >= 0) {
          const column = (lines[line]?.length ?? 0) - rest.length + quote + 1;
          throw new TokenFileError(
            `parse error on line ${line + 1}, column ${column}: bare " in non-quoted-field`,
          );
        }
        fields.push(field);
        rest = rest.slice(field.length);
      } else {
        let match = /^"((?:[^"]|"")*)"/.exec(rest);
        while (!match && line + 1 < lines.length) {
          line += 1;
          rest += `\n${lines[line]}`;
          match = /^"((?:[^"]|"")*)"/.exec(rest);
        }
        const after = match ? rest.slice(match[0].length) : '';
        if (!match || (after !== '' && !after.startsWith(','))) {
          // Where the file ends, or the quote that is followed by more.
          const last = match || lines[line] !== '' ? line : line - 1;
          const end = (lines[last] ?? '').length;
          const column = match ? end - after.length : end + (last < lines.length - 1 ? 2 : 1);
          const record = start === last + 1 ? '' : `record on line ${start}; `;
          throw new TokenFileError(
            `${record}parse error on line ${last + 1}, column ${column}: extraneous or missing " in quoted-field`,
          );
        }
        fields.push((match[1] ?? '').replaceAll('""', '"'));
        rest = after;
      }
      if (!rest.startsWith(',')) break;
      rest = rest.slice(1);
    }
    records.push(fields);
  }
  return records;
}

/**
 * The tokens of `--token-auth-file`: token, name, uid and, in one field, groups. Of a token that is there twice the
 * last one counts.
 * @throws {TokenFileError}
 */
export function readTokenFile(file: string, text: string): readonly StaticToken[] {
  const found = new Map<string, User>();
  for (const record of recordsOf(text)) {
    const [token = '', name = '', uid = '', groups] = record;
    if (record.length < 3)
      throw new TokenFileError(
        `token file '${file}' must have at least 3 columns (token, user name, user uid), found ${record.length}`,
      );
    if (token === '') continue;
    const own = groups === undefined ? [] : groups.split(',');
    const isMember = own.includes('system:authenticated') || own.includes('system:unauthenticated');
    found.set(token, {
      name,
      ...(uid ? {uid} : {}),
      groups: isMember ? own : [...own, 'system:authenticated'],
    });
  }
  return [...found].map(([token, user]) => ({token, user}));
}
