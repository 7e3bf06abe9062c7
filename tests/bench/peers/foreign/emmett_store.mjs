// emmett's PostgreSQL event store: `node emmett_store.mjs NODE_FOLDER SOCKET_FOLDER DATABASE EVENTS_FILE` prints a JSON object of figures.
import { readFileSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";

const [packages, folder, database, file] = process.argv.slice(2);
const require = createRequire(`${packages}/`);
const { getPostgreSQLEventStore, postgreSQLProjection } = require("@event-driven-io/emmett-postgresql");
const pg = require("pg");

const url = `postgresql://tiendo@localhost/${database}?host=${encodeURIComponent(folder)}`;
const texts = readFileSync(file, "utf8").split("\n").filter(Boolean);
const pool = new pg.Pool({ connectionString: url, max: 64 });
const store = getPostgreSQLEventStore(url, { connectionOptions: { pool } });
await store.schema.migrate();

const appended = async (events, writers, batch) => {
  const batches = [];
  for (let start = 0; start < events.length; start += batch) batches.push(events.slice(start, start + batch));
  const begun = performance.now();
  const work = async () => {
    for (let taken = batches.pop(); taken; taken = batches.pop())
      await store.appendToStream(`case-${randomUUID()}`, taken.map((text) => ({ type: "event", data: JSON.parse(text) })));
  };
  await Promise.all(Array.from({ length: writers }, work));
  return events.length / ((performance.now() - begun) / 1000);
};

const stored = async () => Number((await pool.query("SELECT count(*) FROM emt_messages")).rows[0].count);
const pulling = { batchSize: 1000, pullingFrequencyInMs: 1 };
const rate = (begun, count) => count / ((performance.now() - begun) / 1000);

const figures = {};
for (const batch of [1, 100])
  for (const writers of [1, 4, 64])
    figures[`append of ${batch} by ${writers}`] = await appended(texts.slice(0, Math.floor(texts.length / (batch === 1 ? 8 : 1))), writers, batch);
const count = await stored();

let seen = 0;
const replaying = store.consumer({ stopWhen: { noMessagesLeft: true }, pulling });
replaying.reactor({ processorId: "replay", startFrom: "BEGINNING", eachMessage: () => { seen += 1; } });
let begun = performance.now();
await replaying.start();
figures.replay = rate(begun, seen);
await replaying.close();

await pool.query("CREATE TABLE counted (stream text PRIMARY KEY, n bigint)");
const projecting = store.consumer({ stopWhen: { noMessagesLeft: true }, pulling });
const counting = postgreSQLProjection({
  name: "counted",
  canHandle: ["event"],
  handle: async (messages, { connection }) => {
    const counts = new Map();
    for (const { data } of messages) counts.set(data.subject, (counts.get(data.subject) ?? 0) + 1);
    const client = await connection.client;
    await client.query(
      `INSERT INTO counted SELECT * FROM unnest($1::text[], $2::bigint[])
       ON CONFLICT (stream) DO UPDATE SET n = counted.n + excluded.n`,
      [[...counts.keys()], [...counts.values()]],
    );
  },
});
projecting.projector({ processorId: "projection", projection: counting });
begun = performance.now();
await projecting.start();
figures.projection = rate(begun, Number((await pool.query("SELECT sum(n) FROM counted")).rows[0].sum));
await projecting.close();

const tailed = new Set();
const tailing = store.consumer({ pulling });
tailing.reactor({ processorId: "tail", startFrom: "BEGINNING", eachMessage: ({ metadata }) => { tailed.add(metadata.globalPosition); } });
const running = tailing.start();
await appended(texts.slice(0, Math.floor(texts.length / 4)), 16, 5);
const all = await stored();
for (let before = -1; tailed.size < all && tailed.size !== before; await sleep(10_000)) before = tailed.size;
figures.missed = all - tailed.size;
await tailing.close();
await running.catch(() => undefined);

process.stdout.write(JSON.stringify(figures));
process.exit(0);
