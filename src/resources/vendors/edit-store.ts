import { commandAction } from '../../admin/index.ts';
import { staffCommands } from '../../modules/identity/index.ts';

/** Staff correct what the owner wrote, as the owner would. */
export const editStore = commandAction(staffCommands.editVendor, {
  name: 'correct',
  label: 'Correct store profile',
  effect: 'Changes name, texts or links as the owner would',
  placement: ['record'],
  group: 'careful',
  form: [
    { name: 'storeName', label: 'Store name', type: 'text', maxLength: 150 },
    { name: 'tagline', label: 'Tagline', type: 'text', maxLength: 200 },
    { name: 'description', label: 'Description', type: 'textarea', maxLength: 2000 },
    { name: 'websiteUrl', label: 'Website', type: 'text', maxLength: 300 },
    { name: 'instagramUrl', label: 'Instagram', type: 'text', maxLength: 300 },
    { name: 'tiktokUrl', label: 'TikTok', type: 'text', maxLength: 300 },
  ],
  reasonCodes: ['customer_request', 'error_correction', 'policy', 'quality', 'legal', 'other'],
  message: (_output, row) =>
    `Corrected. ${typeof row?.storeName === 'string' ? row.storeName : 'The store'} shows it now; its history tells what was changed.`,
});
