import type {Shape, TypeInfo} from '../schema.ts';

/** A node of the library's syntax tree. */
export type Tree = {readonly op: string; readonly args: unknown; readonly pos?: number};

/** What is known of a value's type; undefined for what could be anything. */
type Known = Shape | undefined;

type Scope = ReadonlyMap<string, Known>;

type Fault = {readonly at: number; readonly name: string};

const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && 'op' in value && 'args' in value;

/**
 * What a real server warns of where an expression names fields that a kind does not have; undefined when it names none.
 * Types that do not fit are not looked for.
 */
export function fieldWarning(expression: string, tree: unknown, type: TypeInfo): string | undefined {
  const faults: Fault[] = [];
  const own: Shape = {is: 'struct', type: () => type};
  infer(
    tree,
    new Map<string, Known>([
      ['object', own],
      ['oldObject', own],
    ]),
    faults,
  );
  if (faults.length === 0) return undefined;
  return faults.map((fault) => display(expression, fault)).join('\n');
}

function display(expression: string, {at, name}: Fault): string {
  const before = expression.slice(0, at).split('\n');
  const line = expression.split('\n')[before.length - 1] ?? '';
  const column = before.at(-1)!.length;
  return `ERROR: <input>:${before.length}:${column + 1}: undefined field '${name}'\n | ${line}\n | ${'.'.repeat(column)}^`;
}

function infer(tree: unknown, scope: Scope, faults: Fault[]): Known {
  if (!isTree(tree)) return undefined;
  const args: readonly unknown[] = Array.isArray(tree.args) ? tree.args : [tree.args];
  switch (tree.op) {
    case 'id':
      return scope.get(String(tree.args));
    case '.':
      return select(infer(args[0], scope, faults), String(args[1]), (tree.pos ?? 0) - 1, faults);
    case '.?':
      return select(infer(args[0], scope, faults), String(args[1]), (tree.pos ?? 0) - 2, faults);
    case '[]':
    case '[?]': {
      infer(args[1], scope, faults);
      const held = infer(args[0], scope, faults);
      return held?.is === 'list' || held?.is === 'map' ? held.of : undefined;
    }
    case 'call':
      return call(tree, args, scope, faults);
    case 'rcall':
      return method(args, scope, faults);
    default:
      for (const one of args) for (const part of Array.isArray(one) ? one : [one]) infer(part, scope, faults);
      return undefined;
  }
}

function select(held: Known, name: string, at: number, faults: Fault[]): Known {
  if (held?.is === 'map') return held.of;
  if (held?.is !== 'struct') return undefined;
  const type = held.type();
  const field = type.fields.get(name);
  if (field) return field.shape;
  if (!type.open && type.fields.size > 0) faults.push({at, name});
  return undefined;
}

function call(tree: Tree, args: readonly unknown[], scope: Scope, faults: Fault[]): Known {
  const given = Array.isArray(args[1]) ? (args[1] as readonly unknown[]) : [];
  const [first] = given;
  if (args[0] === 'has' && isTree(first) && first.op === '.' && Array.isArray(first.args)) {
    // The macro itself is told as the place.
    const held = infer(first.args[0], scope, faults);
    select(held, String(first.args[1]), (tree.pos ?? 0) + 'has'.length, faults);
    return undefined;
  }
  for (const one of given) infer(one, scope, faults);
  return undefined;
}

const loops = new Set(['all', 'exists', 'exists_one', 'existsOne', 'filter', 'map']);

function method(args: readonly unknown[], scope: Scope, faults: Fault[]): Known {
  const [name, target] = args;
  const given = Array.isArray(args[2]) ? (args[2] as readonly unknown[]) : [];
  const held = infer(target, scope, faults);
  const [variable] = given;
  if (!loops.has(String(name)) || !isTree(variable) || variable.op !== 'id') {
    for (const one of given) infer(one, scope, faults);
    return name === 'orValue' || name === 'value' ? held : undefined;
  }
  const element = held?.is === 'list' ? held.of : held?.is === 'map' ? text : undefined;
  const inner = new Map(scope).set(String(variable.args), element);
  const results = given.slice(1).map((one) => infer(one, inner, faults));
  if (name === 'filter') return held;
  const last = results.at(-1);
  return name === 'map' && last ? {is: 'list', of: last} : undefined;
}

const text: Shape = {is: 'scalar', code: 's'};
