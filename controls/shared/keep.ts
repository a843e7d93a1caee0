import type {AdmissionRule} from '../../src/engine/admission-rule.ts';

type Containers = 'containers' | 'own' | 'lasting';

/** A rule for every container `c`. `linux`: Windows pods have no such field, and pass. */
export const everyContainer = (
  expression: string,
  message: string,
  {containers = 'containers', linux = true}: {containers?: Containers; linux?: boolean} = {},
): AdmissionRule => [
  {
    expression: `${linux ? '!variables.linux || ' : ''}variables.${containers}.all(c, ${expression})`,
    message,
  },
];

/** The value of a field of the security context of container `c`, else of the pod, else `otherwise`. */
export const effective = (field: string, otherwise: string): string =>
  `c.?securityContext.?${field}.orValue(variables.pod.?securityContext.?${field}.orValue(${otherwise}))`;

/** Whether container `c` adds one of these capabilities, written with their prefix or without, in any case. */
export const addsOneOf = (names: readonly string[]): string =>
  `c.?securityContext.?capabilities.?add.orValue([]).exists(one, one.upperAscii().matches('^(CAP_)?(${names.join('|')})$'))`;
