# Who is signed in with a desktop, since when, and whether it is locked or left.
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

$there = @(Get-SignedIn)
if (-not $there.Count) { "Nobody is signed in to $env:COMPUTERNAME." }
$locked = @(Get-CimInstance -ClassName Win32_Process -Filter "Name = 'LogonUI.exe'" | ForEach-Object { $_.SessionId })
foreach ($each in $there) {
    [pscustomobject]@{
        Session = $each.Session
        Person  = $each.Account
        Domain  = $each.Domain
        Since   = '{0:yyyy-MM-dd HH:mm}' -f $each.Since
        Locked  = $each.Session -in $locked
    }
}
