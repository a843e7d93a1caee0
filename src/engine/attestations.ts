import {longDate} from './exceptions.ts';

/** What a person vouches for where no API tells: who, since when, until when. It never makes a control pass. */
export type Attestation = {
  readonly controls: readonly string[];
  /** What is so, in a sentence. */
  readonly statement: string;
  /** Who says so. */
  readonly by: string;
  /** The day on which they looked, `YYYY-MM-DD`. */
  readonly on: string;
  /** Last day; there is no attestation without an end. */
  readonly until: string;
};

/** The attestation of a control as a sentence: the one that holds longest, else the last one that held. */
export function attestedBy(
  attestations: readonly Attestation[],
  today: string,
): (controlId: string) => string | undefined {
  return (controlId) => {
    const [latest] = attestations
      .filter(({controls}) => controls.includes(controlId))
      .sort((a, b) => b.until.localeCompare(a.until));
    if (latest === undefined) return undefined;
    const {statement, by, on, until} = latest;
    // Who looks tomorrow can't have looked today.
    if (on > today) return `The attestation of ${by} is dated ${longDate(on)}, which is still to come.`;
    if (until < today) return `The attestation of ${by} ended on ${longDate(until)}: look again.`;
    return `Attested by ${by} on ${longDate(on)}, until ${longDate(until)}: ${statement}`;
  };
}
