import {type ControlMeta, defineControl, type View} from '../src/engine/control.ts';
import {embeddedObject} from '../src/engine/embedded.ts';
import {asArray, asObject, asString, type JsonObject} from '../src/engine/json.ts';
import type {Resource} from '../src/engine/objects.ts';
import {podTemplate, WORKLOADS} from '../src/engine/pod-spec.ts';
import {running} from './shared/agents.ts';
import {isCluster, overCluster} from './shared/cluster.ts';
import {manualFix} from './shared/manual.ts';
import {mentionsConfigMap} from './shared/references.ts';

const meta = {
  id: 'alert-receivers',
  title: 'Alerts reach somebody',
  practice: 'alerting',
  baseScore: 4,
  needs: ['Namespace', ...WORKLOADS, 'ConfigMap'],
  messages: {
    nobody:
      'No alert of this cluster reaches anybody: {found}. Run Alertmanager or Falcosidekick with a receiver that wakes a person.',
  },
  references: [
    'Kubernetes Hardening Guidance, Audit logging and threat detection: Alerting',
    'https://prometheus.io/docs/alerting/latest/configuration/#receiver',
  ],
} satisfies ControlMeta;

/** Whether a receiver sends anywhere; one without any integration, as the usual "null", is a hole. */
const sends = (receiver: JsonObject): boolean =>
  Object.entries(receiver).some(([key, list]) => /(_configs|Configs)$/.test(key) && asArray(list).length > 0);

/** The receivers that a tree of routes names, the root's first. */
const routed = (route: JsonObject): readonly string[] => [
  asString(route.receiver),
  ...asArray(route.routes).flatMap((one) => routed(asObject(one))),
];

/** Whether an alert that fits nothing else, or else any route, ends at a receiver that sends. */
function reaches({route, receivers}: JsonObject): boolean {
  const names = routed(asObject(route));
  return asArray(receivers)
    .map(asObject)
    .some((receiver) => names.includes(asString(receiver.name)) && sends(receiver));
}

const inConfigMap = (alertmanager: Resource, view: View): boolean =>
  view
    .list('ConfigMap', alertmanager.namespace)
    .filter(({name}) => mentionsConfigMap(alertmanager, name))
    .flatMap(({object}) => Object.values(asObject(object.data)))
    .some((text) => reaches(embeddedObject(text) ?? {}));

const inObject = ({object}: Resource): boolean => reaches(asObject(object.spec));

/** Falcosidekick sends where a variable with an address is set. */
const sidekickSends = (workload: Resource): boolean =>
  podTemplate(workload).containers.some(({spec}) =>
    asArray(spec.env)
      .map(asObject)
      .some(({name, value, valueFrom}) => {
        const isAddress = /_(WEBHOOKURL|HOSTPORT|ADDRESS|URL|ROUTINGKEY|APIKEY|TOKEN)$/.test(asString(name));
        return isAddress && (asString(value) !== '' || valueFrom !== undefined);
      }),
  );

const readsSecret = (workload: Resource): boolean =>
  asArray(podTemplate(workload).spec.volumes).some(
    (volume) => asObject(asObject(volume).secret).secretName !== undefined,
  );

type Seen = {readonly isReached: boolean; readonly found: string; readonly hidden: string | undefined};

function look(view: View): Seen {
  const managers = running(view, /(^|\/)alertmanager$/);
  const sidekicks = running(view, /(^|\/)falcosidekick$/);
  const isReached =
    sidekicks.some(sidekickSends) ||
    (managers.length > 0 && view.list('AlertmanagerConfig').some(inObject)) ||
    managers.some((one) => inConfigMap(one, view));
  const names = [...managers, ...sidekicks].map(({name}) => name).join(', ');
  const secretive = managers.find(readsSecret);
  return {
    isReached,
    found: names === '' ? 'neither Alertmanager nor Falcosidekick runs' : `${names} runs without a receiver`,
    hidden:
      isReached || secretive === undefined
        ? undefined
        : `Alertmanager ${secretive.namespace}/${secretive.name} has its receivers in a Secret, which kubekata does not read: see them with amtool config show, and write an attestation.`,
  };
}

export const alertReceivers = defineControl({
  meta,
  ...overCluster,
  unavailable: (view) => overCluster.unavailable(view) ?? look(view).hidden,
  *check(resource, view) {
    const {isReached, found} = look(view);
    if (!isCluster(resource) || isReached) return;
    yield {message: 'nobody', path: ['metadata', 'name'], found};
  },
  fixes: (failures) =>
    failures.map(({resource}) =>
      manualFix(meta, resource.key, {
        approach: 'a receiver that wakes somebody',
        summary: 'sends alerts to where people look',
        scope: 'cluster',
        steps: [
          'Decide who is woken by what: few alerts, each with what to do.',
          'Run Alertmanager, and in its configuration give the default route a receiver with slack_configs, pagerduty_configs, webhook_configs or email_configs; credentials by *_file from a mounted Secret, so that the rest stays a ConfigMap that can be read. For Falco, run Falcosidekick with SLACK_WEBHOOKURL or a like from a Secret.',
          'Add a watchdog: an alert that always fires, to a service that rings when it stops.',
          'Verify: amtool alert add test severity=critical --alertmanager.url=... arrives with a person; kubectl get pods -A shows it running.',
        ],
      }),
    ),
});
