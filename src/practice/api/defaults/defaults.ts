import type {Draft} from '../draft.ts';
import type {Stored} from '../machine.ts';
import type {ResourceInfo} from '../resources.ts';
import type {ApiServer} from '../server.ts';

export function applyDefaults(_info: ResourceInfo, _draft: Draft, _server: ApiServer, _old?: Stored): void {}
