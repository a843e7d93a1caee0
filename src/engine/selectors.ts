import {asArray, asObject, asString, type Json, type JsonObject} from './json.ts';

/** Whether a LabelSelector (matchLabels and matchExpressions) selects these labels; an empty one selects all. */
export function selects(selector: Json | undefined, labels: JsonObject): boolean {
  const {matchLabels, matchExpressions} = asObject(selector);
  return (
    Object.entries(asObject(matchLabels)).every(([key, value]) => labels[key] === value) &&
    asArray(matchExpressions).every((item) => {
      const {key, operator, values} = asObject(item);
      const label = labels[asString(key)];
      const among = label !== undefined && asArray(values).includes(label);
      switch (operator) {
        case 'In':
          return among;
        case 'NotIn':
          return !among;
        case 'Exists':
          return label !== undefined;
        case 'DoesNotExist':
          return label === undefined;
        default:
          return false;
      }
    })
  );
}
