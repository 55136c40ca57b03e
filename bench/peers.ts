import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Program } from './measure.ts';

/*
 * Programs that are measured beside ours: each reads a file and selects the deletes of items. None keeps state of accounts, joins
 * records or raises alerts.
 */

/** A loop that parses every line and judges one field. */
const PARSE = `
const fs = require('fs');
const memory = Buffer.alloc(1 << 23);
const file = fs.openSync(process.argv[1], 'r');
let [end, found] = [0, 0];
for (let n; (n = fs.readSync(file, memory, end, 1 << 20, null)) > 0; ) {
  end += n;
  let start = 0;
  for (let at = memory.indexOf(10, start); at >= 0 && at < end; at = memory.indexOf(10, start)) {
    const record = JSON.parse(memory.utf8Slice(start, at));
    if (record.operationName === 'Delete' || record.operationName === 'delete') found++;
    start = at + 1;
  }
  memory.copyWithin(0, start, end);
  end -= start;
}
console.log(found);`;

const DUCKDB = `
const { DuckDBInstance } = require('@duckdb/node-api');
(async () => {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const columns = "{time:'VARCHAR',category:'VARCHAR',operationName:'VARCHAR',resourceId:'VARCHAR'}";
  const from = "read_json('" + process.argv[1] + "', format='newline_delimited', columns=" + columns + ')';
  const result = await connection.runAndReadAll("select count(*) from " + from + " where operationName in ('Delete','delete')");
  console.log(result.getRows());
})();`;

const SIMDJSON = `#include <simdjson.h>
#include <cstdio>
#include <cstring>
#include <vector>
using namespace simdjson;
int main(int, char **words) {
  const size_t chunk = 1 << 20;
  std::vector<char> memory(4 * chunk + SIMDJSON_PADDING);
  ondemand::parser parser;
  FILE *file = fopen(words[1], "rb");
  setvbuf(file, nullptr, _IONBF, 0);
  size_t kept = 0, found = 0;
  for (size_t got; (got = fread(memory.data() + kept, 1, chunk, file)) > 0;) {
    char *at = memory.data(), *end = at + kept + got;
    for (char *line; (line = (char *)memchr(at, 10, end - at)) != nullptr; at = line + 1) {
      ondemand::document document;
      std::string_view name;
      if (parser.iterate(at, line - at, line - at + SIMDJSON_PADDING).get(document) != SUCCESS) continue;
      if (document["operationName"].get(name) == SUCCESS && (name == "Delete" || name == "delete")) found++;
    }
    kept = end - at;
    memmove(memory.data(), at, kept);
  }
  printf("%zu", found);
}
`;

/** @param tools a folder below which `node_modules` holds @duckdb/node-api, if it is here */
export function peersFor(file: string, folder: string, tools: string | undefined): Program[] {
  const jq = 'select(.operationName == "Delete" or .operationName == "delete")';
  const programs: Program[] = [
    { name: 'wc -l', command: ['wc', '-l', file] },
    { name: 'JSON.parse a line', command: [process.execPath, '-e', PARSE, file] },
    { name: 'jq', command: ['jq', '-c', jq, file] },
    { name: 'mawk', command: ['mawk', '/"operationName":"[Dd]elete"/', file] },
  ];
  const simdjson = built(folder);
  if (simdjson !== null) programs.push({ name: 'simdjson', command: [simdjson, file] });
  if (tools !== undefined)
    programs.push({
      name: 'DuckDB',
      command: ['env', `NODE_PATH=${join(tools, 'node_modules')}`, process.execPath, '-e', DUCKDB, file],
    });
  return programs;
}

/** simdjson's on-demand reader, if its library and a compiler are here. */
function built(folder: string): string | null {
  const source = join(folder, 'simdjson.cpp');
  const program = join(folder, 'simdjson');
  writeFileSync(source, SIMDJSON);
  const words = ['-O3', '-march=native', '-std=c++17', source, '-o', program, '-lsimdjson'];
  return spawnSync('g++', words, { stdio: 'ignore' }).status === 0 ? program : null;
}
