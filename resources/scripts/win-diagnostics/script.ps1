# A zip of what an engineer asks for first. It is made in a folder of its own, handed over in pieces, and removed.
[CmdletBinding()]
param(
    [ValidateRange(1, 168)]
    [int]$Hours = 24
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

$name = 'firstline-{0}-{1:yyyyMMdd-HHmmss}' -f $env:COMPUTERNAME, (Get-Date)
$folder = Join-Path -Path ([System.IO.Path]::GetTempPath()) -ChildPath ([guid]::NewGuid().ToString())
$inside = New-Item -Path (Join-Path -Path $folder -ChildPath $name) -ItemType Directory -Force

function Save-Part([string]$File) {
    # A part that cannot be had, for want of a right or of a module, does not keep the others back.
    $told = @($input)
    $path = Join-Path -Path $inside.FullName -ChildPath $File
    if (-not $told.Count) {
        Set-Content -LiteralPath "$path.txt" -Value 'Nothing could be read here.' -Encoding UTF8
    } elseif ($File.EndsWith('.csv')) {
        $told | Export-Csv -LiteralPath $path -NoTypeInformation -Encoding UTF8
    } else {
        $told | Out-String -Width 300 | Set-Content -LiteralPath $path -Encoding UTF8
    }
}

function Get-Part([string]$Class, [string[]]$Property) {
    Get-CimInstance -ClassName $Class -ErrorAction SilentlyContinue | Select-Object -Property $Property
}

try {
    Get-Part Win32_OperatingSystem Caption, Version, BuildNumber, LastBootUpTime, TotalVisibleMemorySize |
        Save-Part 'system.csv'
    Get-Part Win32_ComputerSystem Name, Domain, Manufacturer, Model, UserName | Save-Part 'computer.csv'
    Get-Part Win32_BIOS SerialNumber, SMBIOSBIOSVersion, ReleaseDate | Save-Part 'bios.csv'
    Get-Part Win32_LogicalDisk DeviceID, DriveType, VolumeName, Size, FreeSpace | Save-Part 'disks.csv'
    Get-Part Win32_Service Name, DisplayName, State, StartMode, StartName, ExitCode | Save-Part 'services.csv'
    Get-Part Win32_Process ProcessId, ParentProcessId, Name, SessionId, WorkingSetSize, CreationDate |
        Save-Part 'processes.csv'
    Get-Part Win32_QuickFixEngineering HotFixID, Description, InstalledOn | Save-Part 'updates.csv'
    $ErrorActionPreference = 'Continue'  # what a program says on its error stream is no end of the script
    ipconfig.exe /all | Save-Part 'network.txt'
    route.exe print | Save-Part 'routes.txt'
    $ErrorActionPreference = 'Stop'
    foreach ($log in 'System', 'Application') {
        $wanted = @{ LogName = $log; Level = 1, 2, 3; StartTime = (Get-Date).AddHours(-$Hours) }
        Get-WinEvent -FilterHashtable $wanted -MaxEvents 3000 -ErrorAction SilentlyContinue |
            Select-Object -Property TimeCreated, LevelDisplayName, ProviderName, Id, Message |
            Save-Part "events-$log.csv"
    }

    $archive = Join-Path -Path $folder -ChildPath "$name.zip"
    Compress-Archive -LiteralPath $inside.FullName -DestinationPath $archive
    $stream = [System.IO.File]::OpenRead($archive)
    try {
        $buffer = New-Object -TypeName 'byte[]' -ArgumentList 262144
        while (($count = $stream.Read($buffer, 0, $buffer.Length)) -gt 0) {
            $piece = New-Object -TypeName 'byte[]' -ArgumentList $count
            [System.Array]::Copy($buffer, $piece, $count)
            [pscustomobject]@{ FileName = "$name.zip"; Content = $piece }
        }
    } finally {
        $stream.Dispose()
    }
} finally {
    Remove-Item -LiteralPath $folder -Recurse -Force -ErrorAction SilentlyContinue
}
