/** Reads CSV as RFC 4180 has it. @throws for a quote inside an unquoted field, or one that is not closed */
export function readCsv(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let at = 0;
  while (at < text.length) {
    const row: string[] = [];
    for (;;) {
      let field = '';
      if (text[at] === '"') {
        at += 1;
        for (;;) {
          const end = text.indexOf('"', at);
          if (end < 0) throw new Error(`A quote is not closed: ${text.slice(at, at + 40)}`);
          field += text.slice(at, end);
          at = end + 1;
          if (text[at] !== '"') break;
          field += '"';
          at += 1;
        }
      } else {
        const [plain = ''] = /^[^,\r\n]*/.exec(text.slice(at)) ?? [];
        if (plain.includes('"')) throw new Error(`A quote stands in a field without quotes: ${plain}`);
        field = plain;
        at += plain.length;
      }
      row.push(field);
      if (text[at] !== ',') break;
      at += 1;
    }
    if (!text.startsWith('\r\n', at)) throw new Error(`No line end at ${at}: ${text.slice(at, at + 40)}`);
    at += 2;
    rows.push(row);
  }
  return rows;
}
