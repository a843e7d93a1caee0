import {type ControlMeta, defineControl, type View} from '../src/engine/control.ts';
import {asArray, asObject, asString} from '../src/engine/json.ts';
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

/** A receiver with at least one integration; a receiver without any, as the usual "null", is a hole. */
const integration = /^\s*(?:-\s*)?[a-z]+_configs:\s*\n\s*-\s*\S/m;

const inConfigMap = (alertmanager: Resource, view: View): boolean =>
  view
    .list('ConfigMap', alertmanager.namespace)
    .filter(({name}) => mentionsConfigMap(alertmanager, name))
    .some(({object}) =>
      Object.values(asObject(object.data)).some((text) => integration.test(asString(text))),
    );

const inObject = ({object}: Resource): boolean =>
  asArray(asObject(object.spec).receivers).some((receiver) =>
    Object.entries(asObject(receiver)).some(
      ([key, list]) => key.endsWith('Configs') && asArray(list).length > 0,
    ),
  );

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
