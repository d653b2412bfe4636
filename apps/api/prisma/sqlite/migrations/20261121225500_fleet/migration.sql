-- AlterTable
ALTER TABLE "Machine" ADD COLUMN "site" TEXT;
ALTER TABLE "Machine" ADD COLUMN "owner" TEXT;
ALTER TABLE "Machine" ADD COLUMN "labels" TEXT NOT NULL DEFAULT '{}';
ALTER TABLE "Machine" ADD COLUMN "readAt" DATETIME;
ALTER TABLE "Machine" ADD COLUMN "reportSeconds" INTEGER;
ALTER TABLE "Machine" ADD COLUMN "overrides" TEXT NOT NULL DEFAULT '[]';

-- AlterTable
ALTER TABLE "Device" ADD COLUMN "overrides" TEXT NOT NULL DEFAULT '[]';

-- CreateTable
CREATE TABLE "Change" (
    "teamId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "machineId" TEXT NOT NULL,
    "machineName" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "message" TEXT,
    "differences" TEXT NOT NULL,
    "requestId" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,

    PRIMARY KEY ("teamId", "id"),
    CONSTRAINT "Change_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "Team" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "RegistrationToken" (
    "teamId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "secretHash" TEXT NOT NULL,
    "expiresAt" DATETIME,
    "lastUsedAt" DATETIME,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,

    PRIMARY KEY ("teamId", "id"),
    CONSTRAINT "RegistrationToken_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "Team" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "SavedView" (
    "teamId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "list" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "query" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" DATETIME NOT NULL,

    PRIMARY KEY ("teamId", "id"),
    CONSTRAINT "SavedView_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "Team" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateIndex
CREATE INDEX "Change_teamId_machineId_id_idx" ON "Change"("teamId", "machineId", "id");

-- CreateIndex
CREATE UNIQUE INDEX "RegistrationToken_secretHash_key" ON "RegistrationToken"("secretHash");

-- CreateIndex
CREATE UNIQUE INDEX "RegistrationToken_teamId_name_key" ON "RegistrationToken"("teamId", "name");

-- CreateIndex
CREATE UNIQUE INDEX "SavedView_teamId_list_name_key" ON "SavedView"("teamId", "list", "name");

-- What was read before this column was there was read when it last changed.
UPDATE "Machine" SET "readAt" = "updatedAt" WHERE "rawText" <> '';
