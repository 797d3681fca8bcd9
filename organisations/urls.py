from django.urls import path

from organisations.views import people, personal_data, second_factor, session, sign_ins, units

app_name = "organisations"

urlpatterns = [
    path("dang-nhap/", session.sign_in, name="sign-in"),
    path("dang-nhap/ma/", second_factor.second_step, name="second-step"),
    path("dang-nhap/ma-khoi-phuc/", second_factor.recovery_step, name="recovery-step"),
    path("dang-xuat/", session.sign_out, name="sign-out"),
    path("tai-khoan/", session.account, name="account"),
    path("tai-khoan/thu/", session.choose_mail, name="choose-mail"),
    path("tai-khoan/phien/", session.session, name="session"),
    path("tai-khoan/mat-khau/", session.change_password, name="change-password"),
    path("tai-khoan/hai-buoc/", second_factor.overview, name="second-factor"),
    path("tai-khoan/hai-buoc/cai-dat/", second_factor.set_up, name="set-up-second-factor"),
    path("tai-khoan/hai-buoc/ma-khoi-phuc/", second_factor.renew_codes, name="renew-codes"),
    path("tai-khoan/hai-buoc/tat/", second_factor.turn_off, name="turn-off-second-factor"),
    path("tai-khoan/dang-nhap/", sign_ins.own_sign_ins, name="own-sign-ins"),
    path(
        "tai-khoan/dang-nhap/dang-xuat/", sign_ins.sign_out_everywhere, name="sign-out-everywhere"
    ),
    path("tai-khoan/dang-nhap/<slug:handle>/ket-thuc/", sign_ins.end_session, name="end-session"),
    path("tai-khoan/du-lieu/", personal_data.own_data, name="own-data"),
    path("tai-khoan/du-lieu/tai-ve/", personal_data.export_own_data, name="export-own-data"),
    path("tai-khoan/quen-mat-khau/", session.request_reset, name="request-reset"),
    path("tai-khoan/quen-mat-khau/da-gui/", session.reset_requested, name="reset-requested"),
    path("tai-khoan/dat-lai/<uidb64>/<token>/", session.confirm_reset, name="confirm-reset"),
    path("nguoi-dung/", people.people, name="people"),
    path("nguoi-dung/nhat-ky-dang-nhap/", sign_ins.sign_in_log, name="sign-in-log"),
    path("nguoi-dung/nhat-ky-xu-ly/", personal_data.processing_log_page, name="processing-log"),
    path("nguoi-dung/them/", people.create_person, name="create-person"),
    path("nguoi-dung/nap-excel/", people.upload_people, name="upload-people"),
    path("nguoi-dung/nap-excel/mau/", people.people_template, name="people-template"),
    path("nguoi-dung/nap-excel/xem-lai/", people.confirm_people, name="confirm-people"),
    path("nguoi-dung/<int:pk>/", people.edit_person, name="edit-person"),
    path(
        "nguoi-dung/<int:pk>/mat-khau/", people.reset_person_password, name="reset-person-password"
    ),
    path(
        "nguoi-dung/<int:pk>/hai-buoc/",
        people.reset_person_factor,
        name="reset-person-factor",
    ),
    path("nguoi-dung/<int:pk>/an-danh/", personal_data.anonymise_person, name="anonymise-person"),
    path("nguoi-dung/<int:pk>/ngung-dung/", people.deactivate_person, name="deactivate-person"),
    path("nguoi-dung/<int:pk>/dung-lai/", people.activate_person, name="activate-person"),
    path("don-vi/", units.units, name="units"),
    path("don-vi/<int:pk>/", units.edit_unit, name="edit-unit"),
]
