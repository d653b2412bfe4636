-- AlterTable
ALTER TABLE "Plan" ADD COLUMN "choices" TEXT NOT NULL DEFAULT '{}';
