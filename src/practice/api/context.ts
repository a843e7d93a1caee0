import type {JsonObject} from '../../engine/json.ts';
import type {Asks} from './admission/asks.ts';
import type {Manager} from './managed-fields.ts';

/** Who asks, as the authenticator or an impersonation header says. */
export type User = {
  readonly name: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
};

/** One write as it passes through admission and validation. */
export type Context = {
  readonly user: User;
  /** Field manager that managedFields name. */
  readonly manager: string;
  readonly dryRun: boolean;
  /** By server-side apply: who owns what from now on. */
  readonly managers?: readonly Manager[];
  readonly managersOf?: () => readonly Manager[];
  /** Adds a Warning header to the answer. */
  readonly warn: (text: string) => void;
  /** Adds an annotation to what the audit log holds of the request; absent where nothing is recorded. */
  readonly annotate?: (key: string, value: string, isDetail?: boolean) => void;
  /** How the write was asked for, as webhooks are told: CreateOptions, UpdateOptions and so on. */
  readonly options?: JsonObject;
  /** One of many that are deleted at once: the request names none. */
  readonly isOfMany?: boolean;
  /** Where other programs are asked about the write; without it nobody is asked. */
  readonly asks?: Asks;
};

export const systemUser = (name: string): User => ({
  name,
  groups: ['system:masters', 'system:authenticated'],
});
