import {GLYPHS} from '../glyphs.ts';
import {bad, bold, cutLine, dim, EMPTY, type Line, line, wrap} from '../layout.ts';
import type {ControlScreen, State} from '../state.ts';

/** The third pane of a very wide screen: what fails at the object under the cursor. */
export function objectPane(
  state: State,
  screen: ControlScreen,
  width: number,
  height: number,
): readonly Line[] {
  const row = state.details.get(screen.id)?.rows.find(({key}) => key === screen.cursor);
  if (row === undefined) return [];
  const {ref} = row;
  return [
    line(bold(`${ref.kind} ${ref.namespace ? `${ref.namespace}/` : ''}${ref.name}`)),
    line(dim(row.source === 'live' ? ref.apiVersion : row.source)),
    ...row.messages.flatMap((message) => [
      EMPTY,
      ...wrap(message, width - 2).map((text, index) =>
        line(index === 0 ? bad(GLYPHS.failed) : ' ', ' ', text),
      ),
    ]),
    EMPTY,
    line(bold(row.fields.length === 1 ? 'Field' : 'Fields')),
    ...row.fields.map((field) => line(field)),
    EMPTY,
    line(dim('y shows its YAML')),
  ]
    .slice(0, height)
    .map((one) => cutLine(one, width));
}
