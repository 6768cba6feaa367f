import type { CommandScope } from '../../../foundation/command/command.ts';
import { staffCommands } from '../../identity/index.ts';
import { countLiveProducts } from './store-products.queries.ts';

const { suspendVendor, reactivateVendor, undoSuspension, closeVendor } = staffCommands;

/** A command about a store that says beforehand what becomes of its products; what it does is the module's of the stores. */
type StoreCommand = typeof suspendVendor;

function tellingProducts(command: StoreCommand, words: (live: number) => string): StoreCommand {
  return {
    ...command,
    async preview(scope: CommandScope, input, vendor) {
      const live = await countLiveProducts(scope.tx, vendor.id);
      return [words(live), ...((await command.preview?.(scope, input, vendor)) ?? [])];
    },
  };
}

const counted = (live: number) => (live === 1 ? '1 live product' : `${live} live products`);

/** The commands of the state machine of a store that touch what shoppers see (back-office.md section 8, Vendors). */
export const storeCommands = {
  suspendStore: tellingProducts(suspendVendor, (live) =>
    live === 0 ? 'No product of it is live.' : `Hides ${counted(live)} from the shop at once.`,
  ),
  reactivateStore: tellingProducts(reactivateVendor, (live) =>
    live === 0 ? 'No product of it is published.' : `Puts ${counted(live)} back into the shop at once.`,
  ),
  undoSuspension: tellingProducts(undoSuspension, (live) =>
    live === 0 ? 'No product of it is published.' : `Puts ${counted(live)} back into the shop at once.`,
  ),
  closeStore: tellingProducts(closeVendor, (live) => (live === 0 ? 'No product of it is live.' : `Archives ${counted(live)}.`)),
} as const;
