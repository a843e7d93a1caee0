import {asArray, asObject, asString, isObject, type JsonObject} from '../../../engine/json.ts';
import {duplicate, forbiddenField, invalidValue, required} from '../api-error.ts';
import {checkLabelName, checkOneOf, type Errors} from './rules.ts';

const hostPathTypes = [
  '',
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
];

/** The names of the volumes that are there to be mounted. The server looks at the sources in its own order. */
export function validateVolumes(spec: JsonObject, field: string, errors: Errors): Set<string> {
  const names = new Set<string>();
  for (const [index, item] of asArray(spec.volumes).entries()) {
    const volume = asObject(item);
    const at = `${field}[${index}]`;
    validateSource(volume, at, errors);
    const name = asString(volume.name);
    checkLabelName(name, `${at}.name`, names, errors, duplicate(`${at}.name`, name));
  }
  return names;
}

const order = ['emptyDir', 'hostPath'];

function validateSource(volume: JsonObject, at: string, errors: Errors): void {
  const given = Object.keys(volume)
    .filter((key) => key !== 'name' && isObject(volume[key]))
    .sort((a, b) => rank(a) - rank(b));
  if (given.length === 0) errors.push(required(at, 'must specify a volume type'));
  for (const [index, key] of given.entries()) {
    const source = asObject(volume[key]);
    if (index > 0) errors.push(forbiddenField(`${at}.${key}`, 'may not specify more than 1 volume type'));
    else checkSource(key, source, `${at}.${key}`, errors);
  }
}

const rank = (key: string): number => (order.includes(key) ? order.indexOf(key) : order.length);

function checkSource(key: string, source: JsonObject, at: string, errors: Errors): void {
  switch (key) {
    case 'hostPath': {
      const path = asString(source.path);
      if (path === '') {
        errors.push(required(`${at}.path`));
        return;
      }
      if (path.split('/').includes('..'))
        errors.push(invalidValue(`${at}.path`, path, "must not contain '..'"));
      checkOneOf(source.type, hostPathTypes, `${at}.type`, errors);
      return;
    }
    case 'secret':
      if (!asString(source.secretName)) errors.push(required(`${at}.secretName`));
      checkItems(source, at, errors);
      return;
    case 'configMap':
      if (!asString(source.name)) errors.push(required(`${at}.name`));
      checkItems(source, at, errors);
      return;
    case 'persistentVolumeClaim':
      if (!asString(source.claimName)) errors.push(required(`${at}.claimName`));
      return;
    case 'nfs':
      if (!asString(source.server)) errors.push(required(`${at}.server`));
      if (!asString(source.path)) errors.push(required(`${at}.path`));
      else if (!asString(source.path).startsWith('/'))
        errors.push(invalidValue(`${at}.path`, source.path, 'must be an absolute path'));
      return;
    case 'projected':
      checkDefaultMode(source, at, errors);
      checkProjections(asArray(source.sources).map(asObject), at, errors);
      return;
    default:
  }
}

/** What several sources put into one folder: none may take the path of another. */
function checkProjections(sources: readonly JsonObject[], at: string, errors: Errors): void {
  const paths = new Set<string>();
  const take = (path: string, shown: string): void => {
    if (path && paths.has(path)) errors.push(invalidValue(at, shown, 'conflicting duplicate paths'));
    paths.add(path);
  };
  for (const [index, source] of sources.entries()) {
    const place = `${at}.sources[${index}]`;
    for (const key of ['secret', 'configMap']) {
      if (!isObject(source[key])) continue;
      const {name, items} = source[key];
      if (!asString(name)) errors.push(required(`${place}.${key}.name`));
      for (const [position, item] of asArray(items).map(asObject).entries()) {
        checkItem(item, `${place}.${key}.items[${position}]`, errors);
        take(asString(item.path), asString(name));
      }
    }
    for (const item of asArray(asObject(source.downwardAPI).items)) {
      const path = asString(asObject(item).path);
      checkLocalPath(path, `${place}.downwardAPI.path`, errors);
      take(path, path);
    }
    if (isObject(source.serviceAccountToken))
      checkToken(source.serviceAccountToken, `${place}.serviceAccountToken`, at, errors);
    if (projections.filter((key) => isObject(source[key])).length > 1)
      errors.push(forbiddenField(place, 'may not specify more than 1 volume type per source'));
  }
}

const projections = ['secret', 'configMap', 'downwardAPI', 'serviceAccountToken'];

function checkToken({expirationSeconds, path}: JsonObject, at: string, volume: string, errors: Errors): void {
  const seconds = Number(expirationSeconds ?? 3600);
  const refuse = (what: string): void => {
    errors.push(invalidValue(`${at}.expirationSeconds`, seconds, `may not specify a duration ${what}`));
  };
  if (seconds < 600) refuse('less than 10 minutes');
  else if (seconds > 2 ** 32) refuse('larger than 2^32 seconds');
  checkLocalPath(asString(path), `${volume}.path`, errors);
}

/** A path inside of the volume. */
function checkLocalPath(path: string, field: string, errors: Errors): void {
  if (path === '') {
    errors.push(required(field));
    return;
  }
  if (path.startsWith('/')) errors.push(invalidValue(field, path, 'must be a relative path'));
  if (path.split('/').includes('..')) errors.push(invalidValue(field, path, "must not contain '..'"));
  if (path.startsWith('..') && !path.startsWith('../'))
    errors.push(invalidValue(field, path, "must not start with '..'"));
}

function checkDefaultMode(source: JsonObject, at: string, errors: Errors): void {
  const mode = source.defaultMode;
  if (typeof mode === 'number' && (mode < 0 || mode > 0o777))
    errors.push(
      invalidValue(`${at}.defaultMode`, mode, 'must be a number between 0 and 0777 (octal), both inclusive'),
    );
}

function checkItems(source: JsonObject, at: string, errors: Errors): void {
  checkDefaultMode(source, at, errors);
  for (const [index, item] of asArray(source.items).entries())
    checkItem(asObject(item), `${at}.items[${index}]`, errors);
}

function checkItem({key, path}: JsonObject, at: string, errors: Errors): void {
  if (!asString(key)) errors.push(required(`${at}.key`));
  checkLocalPath(asString(path), `${at}.path`, errors);
}
