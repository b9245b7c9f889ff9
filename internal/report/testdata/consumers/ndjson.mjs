// Makes objects of lines of JSON.
import { Transform } from "node:stream";

export class NdjsonToMessageStream extends Transform {
  #rest = "";
  constructor() {
    super({ writableObjectMode: false, readableObjectMode: true, decodeStrings: false });
    this.setDefaultEncoding("utf8");
  }
  _transform(chunk, encoding, done) {
    const lines = (this.#rest + chunk.toString("utf8")).split("\n");
    this.#rest = lines.pop();
    for (const line of lines) {
      if (line !== "") {
        this.push(JSON.parse(line));
      }
    }
    done();
  }
}
