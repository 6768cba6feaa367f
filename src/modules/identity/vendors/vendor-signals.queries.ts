import type { Vendor } from '@prisma/client';
import { Prisma } from '@prisma/client';
import type { Tx } from '../../../foundation/runtime/database.ts';

/** Another store that shares something with this one; what it is stays where it is. */
export type VendorSignal = {
  kind: 'bank' | 'contact' | 'tax_id' | 'device';
  vendorId: string;
  storeName: string | null;
  status: Vendor['status'];
};

/** Stores named at most; the gravest states first. */
const mostSignals = 50;

/**
 * Stores that share a payout account (also one that was removed), a contact that codes went to, a tax id or a device with this one. By
 * blind index and hash, in one statement.
 */
export async function vendorSignals(reader: Pick<Tx, '$queryRaw'>, vendorId: string): Promise<VendorSignal[]> {
  return reader.$queryRaw<VendorSignal[]>(Prisma.sql`
    WITH own AS (SELECT v.id, v.user_id, v.tax_id_bidx, u.email_bidx, u.phone_bidx
                   FROM identity.vendor v JOIN identity."user" u ON u.id = v.user_id WHERE v.id = ${vendorId}::uuid),
         contact AS (SELECT unnest(ARRAY[email_bidx, phone_bidx]) AS bidx FROM own
                     UNION SELECT f.target_bidx FROM identity.otp_flow f JOIN own ON f.subject_id = own.user_id AND f.subject_type = 'user'),
         found AS (
           SELECT 'bank' AS kind, b.vendor_id AS id
             FROM identity.vendor_bank_account a JOIN own ON a.vendor_id = own.id
             JOIN identity.vendor_bank_account b ON b.account_number_bidx = a.account_number_bidx
           UNION
           SELECT 'tax_id', v.id FROM own JOIN identity.vendor v ON v.tax_id_bidx = own.tax_id_bidx
           UNION
           SELECT 'device', v.id
             FROM own JOIN identity.known_device d ON d.user_id = own.user_id
             JOIN identity.known_device e ON e.device_hash = d.device_hash
             JOIN identity.vendor v ON v.user_id = e.user_id
           UNION
           SELECT 'contact', v.id
             FROM contact JOIN identity.otp_flow f ON f.target_bidx = contact.bidx AND f.subject_type = 'user'
             JOIN identity.vendor v ON v.user_id = f.subject_id
           UNION
           SELECT 'contact', v.id
             FROM contact JOIN identity."user" u ON u.email_bidx = contact.bidx OR u.phone_bidx = contact.bidx
             JOIN identity.vendor v ON v.user_id = u.id)
    SELECT found.kind, v.id AS "vendorId", v.store_name AS "storeName", v.status::text AS status
      FROM found JOIN identity.vendor v ON v.id = found.id
     WHERE v.id <> ${vendorId}::uuid
     ORDER BY v.status IN ('suspended', 'rejected', 'closed') DESC, found.kind, v.id
     LIMIT ${mostSignals}`);
}
