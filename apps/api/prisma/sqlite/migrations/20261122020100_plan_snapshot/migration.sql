-- AlterTable
ALTER TABLE "Plan" ADD COLUMN "savedInventory" TEXT;
ALTER TABLE "Plan" ADD COLUMN "savedMemory" TEXT;
