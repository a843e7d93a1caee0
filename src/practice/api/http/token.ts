import {notImplemented} from '../api-error.ts';
import type {Call} from './call.ts';
import type {Answer, Services} from './resource-handlers.ts';

export async function createToken(_call: Call, _services: Services, _namespace: string): Promise<Answer> {
  throw notImplemented('The practice cluster makes no tokens yet.');
}
