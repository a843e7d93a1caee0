import {kinds} from './differential-kinds.ts';
import {apps, batch, type Case, dry, meta, networking, ns, rbac} from './differential-requests.ts';

/** A difference that is left: only where the case fits and every different line does. docs/practice-cluster.md tells the same. */
export type OnPurpose = {
  /** A request that shows it: what differs no more is no fact any more. */
  readonly example: Case;
  readonly cases: RegExp;
  readonly fits: (line: string) => boolean;
  readonly reason: string;
};

/** A line whose two sides are the same but for what matches. */
const butFor =
  (pattern: RegExp): OnPurpose['fits'] =>
  (line) => {
    const [, real = '', ours = ''] = /: real (.*), ours (.*)$/s.exec(line) ?? [];
    const [theirs, mine] = [real, ours].map((text) => text.replaceAll(pattern, '*'));
    return theirs !== '' && theirs === mine && theirs !== real;
  };
const matches =
  (pattern: RegExp): OnPurpose['fits'] =>
  (line) =>
    pattern.test(line);

/** Answers that differ on purpose among the written requests, and why. */
export const onPurpose: Readonly<Record<string, string>> = {
  'list of an exact old revision': 'only the newest state can be listed; older revisions are for watches',
  'resourceVersion on create': 'a dry run gives the revision back; ours has none to give',
  'service: node port': 'a real server looks at node ports only when it writes them',
};

/** The same among the generated ones. */
export const generatedOnPurpose: readonly OnPurpose[] = [
  {
    example: {
      name: 'example merge jobs spec.template.spec.terminationGracePeriodSeconds',
      method: 'PATCH',
      path: `${batch}/jobs/g${dry}`,
      body: {spec: {template: {spec: {terminationGracePeriodSeconds: 5}}}},
      type: 'merge',
    },
    cases: / jobs spec(\.template| = )/,
    fits: butFor(/Invalid value: \{.*?\}: field is immutable/g),
    reason: "the refusal to change a Job's template shows the API's form of it, not the server's own",
  },
  {
    example: {
      name: 'example POST ingresses spec.rules',
      method: 'POST',
      path: `${networking}/ingresses${dry}`,
      body: {...meta('new'), spec: {rules: []}},
    },
    cases: / (json|merge|strategic-merge|POST|PUT|apply) /,
    fits: (line) => /^body\.(message|details\.causes)/.test(line) && butFor(/\{\}|\[\]|\bnull\b/g)(line),
    reason: 'a refusal shows an empty list or map as null',
  },
  {
    example: {
      name: 'example POST roles rules = []',
      method: 'POST',
      path: `${rbac}/roles${dry}`,
      body: {...meta('new'), rules: []},
    },
    cases:
      / (POST|PUT) (roles|clusterroles|limitranges) (rules|rules\.0|spec\.limits|spec\.limits\.0) = (\[\]|undefined)/,
    // With another field beside it, the path ends there.
    fits: matches(
      /^body\.metadata\.managedFields(\[0\])?(.*: real .*"?f:(rules|limits|spec)|.*f:(rules|limits|spec): real \{\},)/,
    ),
    reason: 'an empty list that was given belongs to nobody',
  },
  {
    example: {
      name: 'example PUT deployments g',
      method: 'PUT',
      path: `${apps}/deployments/g${dry}`,
      body: kinds.find(({kind}) => kind === 'Deployment')!.object,
    },
    cases: / PUT deployments /,
    fits: matches(/^body\.metadata\.generation: real 2, ours 1$/),
    reason: "the real cluster's controller writes an annotation meanwhile, which a replacement takes away",
  },
  {
    example: {
      name: 'example strategic-merge services spec.ports.0.port = [1]',
      method: 'PATCH',
      path: `${ns}/services/g${dry}`,
      body: {spec: {ports: [{port: [1]}]}},
      type: 'strategic-merge',
    },
    cases: / strategic-merge \S+ \S+\.(port|name|containerPort|mountPath|key|type) = [[{]/,
    fits: matches(/^(status: real 0|body: real "broken off"), ours /),
    reason: 'a real server breaks off where the key of a merged list is no scalar',
  },
  {
    example: {
      name: 'example POST configmaps application/yaml a: b: c',
      method: 'POST',
      path: `${ns}/configmaps${dry}`,
      raw: 'a: b: c',
      headers: {'content-type': 'application/yaml'},
    },
    cases: / application\/(apply-patch\+)?yaml (a: b: c|\{)( as \w+)?$/,
    fits: butFor(/yaml: .*?(?= \([0-9a-f]+\)"$|"$)/g),
    reason: 'what is no YAML is worded by another parser',
  },
];
