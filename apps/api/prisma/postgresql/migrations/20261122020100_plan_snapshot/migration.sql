-- AlterTable
ALTER TABLE "Plan" ADD COLUMN     "savedInventory" TEXT,
ADD COLUMN     "savedMemory" TEXT;
