import type {Context} from './context.ts';
import type {Draft} from './draft.ts';
import type {Stored} from './machine.ts';
import type {ResourceInfo} from './resources.ts';

export function trackManager(
  _info: ResourceInfo,
  _old: Stored | undefined,
  _draft: Draft,
  _sub: string,
  _context: Context,
): void {}
