import { splitTextLines } from '@sensor-sentinel/model/table';
import { type Block, readBlocks } from './blocks.ts';
import { type FileState, readFileState, toShownName } from './file-state.ts';
import { type FileSource, openFile } from './open-file.ts';
import { type Survey, type SurveyOptions, surveyTable } from './survey-table.ts';

export interface TableOptions extends FileSource, SurveyOptions {}

/** An open file of which the first rows have been looked at. */
export interface Table {
  source: FileSource;
  /** The name in messages. */
  name: string;
  state: FileState;
  encoding: string;
  isSeekable: boolean;
  survey: Survey;
  /** Some of the first lines, the header among them. */
  sampleLines: readonly string[];
  /** The file from its beginning, not read yet. */
  blocks: AsyncGenerator<Block>;
}

/** @throws FileFault if it is not a CSV file, or has no header */
export async function openTable({ file, standardInput, encoding, ...options }: TableOptions): Promise<Table> {
  const name = toShownName(file);
  const source = { file, standardInput, encoding };
  const state = await readFileState(file);
  const opened = await openFile(source);
  const blocks = readBlocks(opened.chunks, 0);
  try {
    const survey = surveyTable(opened.sample, name, options);
    const sampleLines = splitTextLines(opened.sample);
    return { ...opened, source, name, state, survey, sampleLines, blocks };
  } catch (error) {
    await blocks.return(undefined);
    throw error;
  }
}
