/** Seconds between two scenes. */
const PAUSE = 30;

/**
 * Plays the story, scene by scene.
 * @param tell is called when a scene is over, with the seconds since the first one began, and the scene as it was played
 * @returns {Promise<{scenes: object[], received: object[]}>} the scenes as they were played: each with the names that
 * `attached` after it, each line with the `index` of its message and `by` whom it was received; and all that was received
 */
export async function play(story, stage, tell) {
  const scenes = [];
  for (const [number, scene] of story.entries()) {
    if (number > 0) await stage.pass(PAUSE);
    const lines = [];
    for (const line of scene.lines) lines.push(await playLine(line, stage));
    await stage.settled();
    const attached = (await stage.webhooks()).map(({ name }) => name);
    const received = await stage.received();
    const played = lines.map((line) => ({ ...line, by: receivers(line, received) }));
    scenes.push({ ...scene, lines: played, attached });
    tell(number * PAUSE, scenes[number]);
  }
  return { scenes, received: await stage.received() };
}

async function playLine(line, stage) {
  const before = await stage.webhooks();
  const index = await line.act(stage);
  return { ...line, index: line.silent ? undefined : index, before };
}

// Who was sent it by a webhook that had not been there was sent it by replay.
function receivers({ index, before }, received) {
  const names = new Map();
  for (const { by, webhook } of received.filter((one) => one.index === index)) {
    const live = before.some(({ sid }) => sid === webhook);
    names.set(by, live ? by : (names.get(by) ?? `${by}*`));
  }
  return ['bot', 'sos', 'crm'].flatMap((name) => names.get(name) ?? []);
}
