-- AlterTable
ALTER TABLE "Machine" ADD COLUMN "maintenanceNote" TEXT;
ALTER TABLE "Machine" ADD COLUMN "maintenanceSince" DATETIME;
