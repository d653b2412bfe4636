-- AlterTable
-- Added in place: a table that others refer to cannot be made anew while they hold rows.
ALTER TABLE "Model" ADD COLUMN "format" TEXT NOT NULL DEFAULT 'gguf';
