// The guided model in bpmn-engine: each line on the standard input completes one open task; the answer is its state as
// JSON, which the caller stores. The engine itself stays in memory.
const { Engine } = require("bpmn-engine");
const { EventEmitter } = require("node:events");
const { readFileSync } = require("node:fs");
const { createInterface } = require("node:readline");

const source = readFileSync(process.argv[2], "utf8");
let engine, waiting, ended;

async function begin() {
  const listener = new EventEmitter();
  waiting = [];
  ended = false;
  listener.on("activity.wait", (api) => waiting.push(api));
  engine = new Engine({ name: "guided", source });
  engine.once("end", () => (ended = true));
  await engine.execute({ listener });
}

async function main() {
  await begin();
  for await (const _line of createInterface({ input: process.stdin })) {
    if (ended || !waiting.length) await begin();
    waiting.shift().signal({ answer: "yes" });
    process.stdout.write(JSON.stringify(await engine.getState()) + "\n");
  }
  process.exit(0);
}

main();
