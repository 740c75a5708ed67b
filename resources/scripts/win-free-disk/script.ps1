# Removes what Windows would remove itself some day: old temporary files, downloads of updates, the recycle bins.
[CmdletBinding(SupportsShouldProcess)]
param(
    [ValidateRange(1, 365)]
    [int]$OlderThanDays = 7,

    [switch]$Updates,

    [switch]$RecycleBins
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

function Test-NoLink([string]$Path, [string]$Below) {
    # Whether the way to a folder goes through no link: whoever owns the way could have laid one, to anywhere.
    if (-not (Test-Path -LiteralPath $Path)) { return $false }
    $folder = Get-Item -LiteralPath $Path -Force
    while ($folder -and $folder.FullName.Length -gt $Below.Length) {
        if ($folder.Attributes -band [System.IO.FileAttributes]::ReparsePoint) { return $false }
        $folder = $folder.Parent
    }
    $true
}

function Get-OldFile([string]$Folder, [datetime]$Before) {
    foreach ($entry in Get-ChildItem -LiteralPath $Folder -Force -ErrorAction SilentlyContinue) {
        if ($entry.Attributes -band [System.IO.FileAttributes]::ReparsePoint) { continue }
        if ($entry.PSIsContainer) {
            Get-OldFile -Folder $entry.FullName -Before $Before
        } elseif ($entry.LastWriteTime -lt $Before) {
            $entry
        }
    }
}

function Remove-OldFile([string]$What, [string[]]$Folder, [datetime]$Before) {
    $files = @($Folder | ForEach-Object { Get-OldFile -Folder $_ -Before $Before })
    $size = 0
    foreach ($file in $files) { $size += $file.Length }
    '{0}: {1} files, {2:N0} MB' -f $What, $files.Count, ($size / 1MB)
    if ($files.Count -and $PSCmdlet.ShouldProcess($env:COMPUTERNAME, "Remove $What")) {
        $files | Remove-Item -Force -ErrorAction SilentlyContinue
    }
}

$drive = Get-CimInstance -ClassName Win32_LogicalDisk -Filter "DeviceID = '$env:SystemDrive'"
'{0:N1} of {1:N1} GB are free on {2}.' -f ($drive.FreeSpace / 1GB), ($drive.Size / 1GB), $env:SystemDrive

$before = (Get-Date).AddDays(-$OlderThanDays)
$homes = @(Get-CimInstance -ClassName Win32_UserProfile -Filter 'Special = FALSE' | Where-Object { $_.LocalPath } |
        ForEach-Object {
            $path = Join-Path -Path $_.LocalPath -ChildPath 'AppData\Local\Temp'
            if (Test-NoLink -Path $path -Below $_.LocalPath) { $path }
        })
$shared = Join-Path -Path $env:SystemRoot -ChildPath 'Temp'
Remove-OldFile -What 'old temporary files of Windows' -Folder $shared -Before $before
if ($homes.Count) { Remove-OldFile -What 'old temporary files of people' -Folder $homes -Before $before }

if ($Updates) {
    $service = Get-Service -Name 'wuauserv'
    $runs = $service.Status -eq 'Running'
    if ($runs -and $PSCmdlet.ShouldProcess($env:COMPUTERNAME, 'Stop Windows Update for a moment')) {
        Stop-Service -Name 'wuauserv' -Force
    }
    try {
        $downloads = Join-Path -Path $env:SystemRoot -ChildPath 'SoftwareDistribution\Download'
        if (Test-Path -LiteralPath $downloads) {
            Remove-OldFile -What 'downloads of updates' -Folder $downloads -Before (Get-Date)
        }
    } finally {
        if ($runs) { Start-Service -Name 'wuauserv' -WhatIf:$false }
    }
}
if ($RecycleBins) {
    $bins = Join-Path -Path "$env:SystemDrive\" -ChildPath '$Recycle.Bin'
    Remove-OldFile -What 'what lies in the recycle bins' -Folder $bins -Before (Get-Date)
}

$drive = Get-CimInstance -ClassName Win32_LogicalDisk -Filter "DeviceID = '$env:SystemDrive'"
'{0:N1} GB are free on {1} now.' -f ($drive.FreeSpace / 1GB), $env:SystemDrive
