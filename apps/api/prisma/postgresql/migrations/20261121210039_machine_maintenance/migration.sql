-- AlterTable
ALTER TABLE "Machine" ADD COLUMN     "maintenanceNote" TEXT,
ADD COLUMN     "maintenanceSince" TIMESTAMP(3);
