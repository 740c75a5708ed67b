# Removes the cache of one application of the person who is signed in: settings, passwords and mail stay.
[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(Mandatory)]
    [ValidateSet('Teams', 'Outlook', 'Edge', 'Chrome', 'Firefox')]
    [string]$Application,

    [string]$User = '',

    [switch]$Close
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

function Get-SignedIn {
    # Whose desktop runs: by the shell's processes, since what quser says is in the language of the host.
    Get-CimInstance -ClassName Win32_Process -Filter "Name = 'explorer.exe'" | ForEach-Object {
        $owner = Invoke-CimMethod -InputObject $_ -MethodName GetOwner -ErrorAction SilentlyContinue
        $sid = Invoke-CimMethod -InputObject $_ -MethodName GetOwnerSid -ErrorAction SilentlyContinue
        if ($owner -and $sid -and $owner.ReturnValue -eq 0 -and $sid.ReturnValue -eq 0) {
            [pscustomobject]@{
                Account = $owner.User
                Domain  = $owner.Domain
                Sid     = $sid.Sid
                Session = $_.SessionId
                Since   = $_.CreationDate
            }
        }
    } | Sort-Object -Property Session -Unique
}

function Get-Person([string]$Name) {
    $there = @(Get-SignedIn)
    $account = $Name.Split('@')[0]
    if ($account) { $there = @($there | Where-Object { $_.Account -eq $account }) }
    if (-not $there.Count) { throw "Nobody of that name is signed in to $env:COMPUTERNAME." }
    $people = @($there | Sort-Object -Property Sid -Unique)
    if ($people.Count -gt 1) {
        throw "Several people are signed in: $(@($people.Account) -join ', '). Say which one is meant."
    }
    $people[0]
}

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

$places = @{
    Teams   = 'AppData\Roaming\Microsoft\Teams\Cache', 'AppData\Roaming\Microsoft\Teams\Code Cache',
              'AppData\Roaming\Microsoft\Teams\GPUCache', 'AppData\Roaming\Microsoft\Teams\Service Worker\CacheStorage',
              'AppData\Local\Packages\MSTeams_8wekyb3d8bbwe\LocalCache\Microsoft\MSTeams'
    Outlook = 'AppData\Local\Microsoft\Outlook\RoamCache', 'AppData\Local\Microsoft\Olk\EBWebView\Default\Cache'
    Edge    = 'AppData\Local\Microsoft\Edge\User Data\*\Cache', 'AppData\Local\Microsoft\Edge\User Data\*\Code Cache',
              'AppData\Local\Microsoft\Edge\User Data\*\GPUCache'
    Chrome  = 'AppData\Local\Google\Chrome\User Data\*\Cache', 'AppData\Local\Google\Chrome\User Data\*\Code Cache',
              'AppData\Local\Google\Chrome\User Data\*\GPUCache'
    Firefox = @('AppData\Local\Mozilla\Firefox\Profiles\*\cache2')
}
$names = @{
    Teams = 'Teams', 'ms-teams'; Outlook = 'OUTLOOK', 'olk'
    Edge = @('msedge'); Chrome = @('chrome'); Firefox = @('firefox')
}

$person = Get-Person -Name $User
$running = @(Get-Process -Name $names[$Application] -ErrorAction SilentlyContinue |
        Where-Object { $_.SessionId -eq $person.Session })
if ($running.Count -and -not $Close) {
    throw "$Application is open for $($person.Account). Ask them to close it, or let the script close it."
}
if ($running.Count -and $PSCmdlet.ShouldProcess($person.Account, "Close $Application")) {
    $running | Stop-Process -Force
    $running | Wait-Process -Timeout 20 -ErrorAction SilentlyContinue
}

$account = Get-CimInstance -ClassName Win32_UserProfile -Filter "SID = '$($person.Sid)'"
$folders = @($places[$Application] | ForEach-Object { Join-Path -Path $account.LocalPath -ChildPath $_ } |
        Where-Object { Test-Path -Path $_ } | Resolve-Path | ForEach-Object { $_.ProviderPath } |
        Where-Object { Test-NoLink -Path $_ -Below $account.LocalPath })
# The addresses that Outlook proposes while somebody types lie beside its cache, and stay.
$files = @($folders | ForEach-Object { Get-OldFile -Folder $_ -Before (Get-Date).AddDays(1) } |
        Where-Object { $_.Name -notlike 'Stream_Autocomplete*' })
$size = 0
foreach ($file in $files) { $size += $file.Length }
'{0} files, {1:N0} MB, in the cache of {2} of {3}.' -f $files.Count, ($size / 1MB), $Application, $person.Account

if ($files.Count -and $PSCmdlet.ShouldProcess($person.Account, "Remove the cache of $Application")) {
    $files | Remove-Item -Force -ErrorAction SilentlyContinue
    $left = @($files | Where-Object { Test-Path -LiteralPath $_.FullName })
    'Removed. {0} files were in use and are still there.' -f $left.Count
}
