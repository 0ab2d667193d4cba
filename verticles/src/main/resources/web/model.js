// What the stream has told, as it was told.

export const model = {
  head: null, // of the newest answer
  runs: new Map(), // by environment id
  order: [], // environment ids of the runs, in the order of the published list
  environments: new Map(),
};

/** Everything anew. */
export function takeSnapshot(data) {
  model.head = data;
  model.runs = new Map(data.runs.map((run) => [run.environmentId, run]));
  model.order = data.runs.map((run) => run.environmentId);
  model.environments = new Map(data.environments.map((e) => [e.environmentId, e]));
}

/** What changed; returns what is news to somebody who does not look. */
export function takeChange(data) {
  const before = { head: model.head, runs: new Map(model.runs), environments: new Map(model.environments) };
  const ids = [...data.removed, ...data.environments.map((e) => e.environmentId)];
  ids.forEach((id) => {
    model.runs.delete(id);
    model.environments.delete(id);
  });
  data.environments.forEach((e) => model.environments.set(e.environmentId, e));
  data.runs.forEach((run) => model.runs.set(run.environmentId, run));
  if (data.order) model.order = data.order;
  model.head = data;
  return news(before, ids);
}

function news(before, ids) {
  const told = [];
  for (const id of ids) {
    const [was, is] = [before.runs.get(id)?.runNumber, model.runs.get(id)?.runNumber];
    if (is !== undefined && is !== was) told.push(`Run ${is} started`);
    if (was !== undefined && is !== was) told.push(`Run ${was} ended`);
    const inError = (environments) => environments.get(id)?.state === 'ERROR';
    if (inError(model.environments) && !inError(before.environments)) told.push(`Environment ${id.slice(0, 48)} is in ERROR`);
  }
  if (before.head.pluginEnabled !== model.head.pluginEnabled) told.push(`Publishing ${model.head.pluginEnabled ? 'on' : 'off'}`);
  return told;
}
