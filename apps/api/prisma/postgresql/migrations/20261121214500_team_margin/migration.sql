-- AlterTable
ALTER TABLE "Team" ADD COLUMN "marginBytes" BIGINT;
