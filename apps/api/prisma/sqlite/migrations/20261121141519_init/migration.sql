-- CreateTable
CREATE TABLE "Machine" (
    "teamId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "sample" BOOLEAN NOT NULL DEFAULT false,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "hostMemoryTotalBytes" BIGINT,
    "hostMemoryUsedBytes" BIGINT,
    "detail" TEXT NOT NULL,
    "rawText" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" DATETIME NOT NULL,

    PRIMARY KEY ("teamId", "id"),
    CONSTRAINT "Machine_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "Team" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Device" (
    "teamId" TEXT NOT NULL,
    "machineId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "backend" TEXT NOT NULL,
    "memoryTotalBytes" BIGINT NOT NULL,
    "memoryUsedBytes" BIGINT,
    "uuid" TEXT,
    "pciBusId" TEXT,
    "missingSince" DATETIME,
    "detail" TEXT NOT NULL,

    PRIMARY KEY ("teamId", "machineId", "id"),
    CONSTRAINT "Device_teamId_machineId_fkey" FOREIGN KEY ("teamId", "machineId") REFERENCES "Machine" ("teamId", "id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Model" (
    "teamId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "header" BLOB NOT NULL,
    "address" TEXT NOT NULL,
    "fileName" TEXT NOT NULL,
    "fileBytes" BIGINT NOT NULL,
    "shards" TEXT NOT NULL,
    "architecture" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "parameterCount" BIGINT NOT NULL,
    "weightBytes" BIGINT NOT NULL,
    "blockCount" INTEGER NOT NULL,
    "contextLengthTrained" BIGINT NOT NULL,
    "mainType" TEXT NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" DATETIME NOT NULL,

    PRIMARY KEY ("teamId", "id"),
    CONSTRAINT "Model_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "Team" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Plan" (
    "teamId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "modelRef" TEXT NOT NULL,
    "storedModelId" TEXT,
    "machineId" TEXT NOT NULL,
    "engine" TEXT NOT NULL,
    "request" TEXT NOT NULL,
    "savedVersion" TEXT NOT NULL,
    "savedFits" BOOLEAN NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" DATETIME NOT NULL,

    PRIMARY KEY ("teamId", "id"),
    CONSTRAINT "Plan_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "Team" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT "Plan_teamId_storedModelId_fkey" FOREIGN KEY ("teamId", "storedModelId") REFERENCES "Model" ("teamId", "id") ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT "Plan_teamId_machineId_fkey" FOREIGN KEY ("teamId", "machineId") REFERENCES "Machine" ("teamId", "id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Team" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP
);

-- CreateIndex
CREATE UNIQUE INDEX "Machine_teamId_name_key" ON "Machine"("teamId", "name");

-- CreateIndex
CREATE INDEX "Device_teamId_uuid_idx" ON "Device"("teamId", "uuid");

-- CreateIndex
CREATE UNIQUE INDEX "Model_teamId_sha256_key" ON "Model"("teamId", "sha256");

-- CreateIndex
CREATE INDEX "Plan_teamId_machineId_idx" ON "Plan"("teamId", "machineId");

-- CreateIndex
CREATE INDEX "Plan_teamId_storedModelId_idx" ON "Plan"("teamId", "storedModelId");
