import {type Control, type ControlMeta, defineControl} from '../../src/engine/control.ts';

type PersonControl = Pick<ControlMeta, 'id' | 'title' | 'practice' | 'baseScore' | 'references'> & {
  /** What to find out, in a sentence. */
  readonly question: string;
};

/** A control that only a person can answer: never evaluated, shown with their attestation where there is one. */
export const personControl = ({question, ...about}: PersonControl): Control<never> =>
  defineControl<never>({
    meta: {...about, needs: ['attestation'], messages: {}},
    kinds: [],
    unavailable: () =>
      `Only a person knows: ${question} Attest it in kubekata.yaml, under attestations, with control: ${about.id}, statement, by, on and until.`,
    check: () => [],
    fixes: () => [],
  });
