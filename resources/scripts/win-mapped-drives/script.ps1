# The drives that are mapped for whoever is signed in. Whether one answers just now only their own session can say.
[CmdletBinding()]
param()

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

$people = @(Get-SignedIn | Sort-Object -Property Sid -Unique)
if (-not $people.Count) { "Nobody is signed in to $env:COMPUTERNAME: what is mapped for whom is not loaded." }
foreach ($person in $people) {
    $place = "Registry::HKEY_USERS\$($person.Sid)\Network"
    if (-not (Test-Path -Path $place)) {
        "No drive is mapped to stay for $($person.Account)."
        continue
    }
    foreach ($drive in Get-ChildItem -Path $place) {
        [pscustomobject]@{
            Person = $person.Account
            Drive  = '{0}:' -f $drive.PSChildName
            Path   = $drive.GetValue('RemotePath')
            As     = $drive.GetValue('UserName')
        }
    }
}
