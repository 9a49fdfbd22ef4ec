// Drives Locally's own JavaScript SDK: reads one call a line from standard input, prints what the SDK answers.
//
//   node shopper.mjs FOLDER TOKEN BASE_URL      (FOLDER holds node_modules with the SDK, unchanged)
//   {"area": "cart", "verb": "get", "call": "add", "params": {}, "headers": {}}

import { createRequire } from "node:module"
import { createInterface } from "node:readline"

const [folder, token, base] = process.argv.slice(2)
const LCLY = createRequire(`${folder}/package.json`)("@locally-com/lcly-js-sdk").default
const client = new LCLY(token, base)

for await (const line of createInterface({ input: process.stdin })) {
  const { area, verb, call, params, headers } = JSON.parse(line)
  let said
  try {
    said = await client[area]()[verb](call, params, headers)
  } catch (error) {
    said = { thrown: String(error.message) }
  }
  console.log(JSON.stringify(said))
}
