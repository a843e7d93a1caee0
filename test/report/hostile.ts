import {expect} from 'vitest';
import type {ControlReport, ScanReport} from '../../src/report/scan-json.ts';
import {broken, safe, web} from '../cli/manifests.ts';
import {makeWorkplace, type Workplace} from '../helpers/kubekata.ts';

/** As a manifest may have it: quotes, separators, line breaks, markup, an escape sequence, a turned reading direction. */
const name =
  '=1+1,"q" \'a\'\r\nnext\t</td><script>alert(1)</script>|`*_[&amp;](\\|\u0000\u0007\u001b[31m\u202e@all';
const namespace = 'sh,"op|<b>';

/** The object as pages and tables name it: on one line, without what moves a cursor. */
export const shownId = `Deployment/${namespace}/=1+1,"q" 'a' next </td><script>alert(1)</script>|\`*_[&amp;](\\|@all`;
/** The same in JSON, where nothing is taken out. */
export const rawId = `Deployment/${namespace}/${name}`;
export const hostileFile = 'deploy/a,b|c/"x" <i>`#&%.yaml';

// A JSON string is a YAML string.
const hostile = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${JSON.stringify(name)}
  namespace: ${JSON.stringify(namespace)}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      hostPID: true
      serviceAccountName: "sa\`|<i>,"
      containers:
      - name: "we\\"b,<u>\\n|\`\\u0001]]>"
        image: "nginx<script>|:1.27"
        securityContext: {privileged: true}
      volumes:
      - name: "v|"
        hostPath: {path: "/var/\\"|\`<script>,\\n\\u0002-->"}
`;
const accepted =
  'exceptions:\n- {control: C-0038, name: web, reason: "=it,\\n\\"is\\" <b>old</b> | `x`", until: never}\n';
/** As `accepted`, on one line. */
export const shownReason = '=it, "is" <b>old</b> | `x`';

/** A place that remembers what a scan of its folder printed: nothing there changes. */
export type HostilePlace = Workplace & {readonly printed: Map<string, Promise<string>>};

/** A folder of manifests with hostile text in names, values, paths and reasons, one file that does not parse, and a baseline. */
export async function makeHostilePlace(): Promise<HostilePlace> {
  const place = makeWorkplace();
  place.write('deploy/web.yaml', web);
  place.write('deploy/nested/safe.yaml', safe);
  await place.run(['scan', '--manifests', 'deploy', '--format', 'json', '--output', 'base.json']);
  place.write(hostileFile, hostile);
  place.write('deploy/bro,ken|<b>"`.yaml', broken);
  place.write('kubekata.yaml', accepted);
  return {...place, printed: new Map()};
}

/** What `scan --format` prints for the folder. */
export function print(place: HostilePlace, format: string, ...words: readonly string[]): Promise<string> {
  const call = ['scan', '--manifests', 'deploy', '--format', format, ...words];
  const key = call.join(' ');
  const printed = place.printed.get(key) ?? run(place, call);
  place.printed.set(key, printed);
  return printed;
}

async function run(place: Workplace, words: readonly string[]): Promise<string> {
  const {stdout, code} = await place.run(words);
  expect(code).toBe(3);
  return stdout;
}

export const readReport = async (place: HostilePlace, ...words: readonly string[]): Promise<ScanReport> =>
  JSON.parse(await print(place, 'json', ...words)) as ScanReport;

export const findingsOf = ({objects, accepted: more}: ControlReport): number =>
  [...objects, ...more].reduce((sum, {findings}) => sum + findings.length, 0);

/** Characters that act on a terminal, or that turn the reading direction. */
export const acting = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/;

const entities: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&#64;': '@',
  '&amp;': '&',
};

/** Text of a page whose reader leaves character references as they stand. */
export const decode = (text: string): string =>
  text.replace(/&#?\w+;/g, (one) => {
    const character = entities[one];
    if (character === undefined) throw new Error(`${one} is no reference that a report needs.`);
    return character;
  });
