import {describe, expect, it} from 'vitest';
import {c0066} from '../../controls/c-0066.ts';
import {logReview} from '../../controls/log-review.ts';
import {type Attestation, attestedBy} from '../../src/engine/attestations.ts';
import {acceptBy} from '../../src/engine/exceptions.ts';
import {Scanner} from '../../src/engine/scan.ts';
import {frameworkOf, inventoryOf} from '../helpers/test-control.ts';

const attestation: Attestation = {
  controls: ['log-review', 'C-0066'],
  statement: 'Mona reads them each morning.',
  by: 'Mona',
  on: '2026-11-02',
  until: '2027-05-02',
};
const on = (today: string) =>
  Object.assign(acceptBy([], today), {attested: attestedBy([attestation], today)});

describe('an attestation', () => {
  it('is shown, and leaves the control not evaluated and out of the score', () => {
    const scan = new Scanner(frameworkOf(logReview), inventoryOf(''), on('2026-11-23')).scan();
    const attested = 'Attested by Mona on 2 November 2026, until 2 May 2027: Mona reads them each morning.';
    expect(scan.controls[0]).toMatchObject({status: 'notEvaluated', compliance: 0, attestation: attested});
    expect(scan.controls[0]?.reason).toMatch(/^Only a person knows: .* Attested by Mona on 2 November 2026/);
    expect(scan).toMatchObject({score: undefined, evaluated: 0, notEvaluated: 1});
  });

  it('ends with its last day', () => {
    expect(on('2027-05-02').attested('log-review')).toMatch(/^Attested by Mona/);
    expect(on('2027-05-03').attested('log-review')).toBe(
      'The attestation of Mona ended on 2 May 2027: look again.',
    );
    expect(on('2026-11-01').attested('log-review')).toContain('which is still to come');
    expect(on('2026-11-23').attested('other')).toBeUndefined();
  });

  it('says nothing where the control is evaluated', () => {
    const server =
      'apiVersion: v1\nkind: Pod\nmetadata: {name: kube-apiserver-cp, namespace: kube-system}\nspec: {containers: [{name: kube-apiserver, command: [kube-apiserver]}]}';
    const [result] = new Scanner(frameworkOf(c0066), inventoryOf(server), on('2026-11-23')).scan().controls;
    expect(result?.status).toBe('failed');
    expect(result?.attestation).toBeUndefined();
    expect(result?.reason).toBeUndefined();
  });
});
